import { describe, expect, it } from "vitest";

import { excess, pick, type Given } from "../src/frame/files";
import { failureText, problemText, whereOf } from "../src/frame/problems";

const ENDINGS = [".yaml", ".csv"];
const given = (...paths: string[]): Given[] => paths.map((path) => ({ path, file: new File(["text"], path.split("/").at(-1)!) }));

describe("files of a scenario", () => {
  it("are those of its folder, without what cannot belong to it", () => {
    const picked = pick(given("mine/scenario.yaml", "mine/forces.red.csv", "mine/README.md", "mine/.hidden.yaml", "mine/old/scenario.yaml"), ENDINGS);
    expect(picked.kept.map(({ name }) => name)).toEqual(["scenario.yaml", "forces.red.csv"]);
    expect(picked.left).toEqual(["mine/README.md", "mine/.hidden.yaml", "mine/old/scenario.yaml"]);
  });
  it("have each name once", () => {
    const picked = pick(given("a.yaml", "b/a.yaml"), ENDINGS);
    expect([picked.kept.length, picked.left]).toEqual([1, ["b/a.yaml"]]);
  });
  it("are neither too many nor too large", () => {
    const picked = pick(given("a.yaml", "b.yaml"), ENDINGS);
    expect(excess(picked, { upload_files: 2, upload_bytes: 8 })).toBe("");
    expect(excess(picked, { upload_files: 1, upload_bytes: 8 })).toContain("2 files are too many");
    expect(excess(picked, { upload_files: 2, upload_bytes: 7 })).toContain("too much");
  });
});

describe("problems", () => {
  const one = { code: "x", file: "theatre.yaml", line: 6, column: 15, path: "theatre.legs.a.km", what: "must be > 0", repair: "give its length" };
  it("are told as by glacis check", () => {
    expect(problemText(one)).toBe("theatre.yaml:6:15 theatre.legs.a.km: must be > 0; give its length");
    expect(whereOf({ ...one, line: 0 })).toBe("theatre.yaml");
    expect(problemText({ code: "request", path: "files", what: "is missing", repair: "" })).toBe("files: is missing");
  });
  it("are copied line by line, or as one message where there is no list", () => {
    expect(failureText({ message: "no", problems: [one, one] }).split("\n")).toHaveLength(2);
    expect(failureText({ message: "no", problems: [] })).toBe("no");
  });
});
