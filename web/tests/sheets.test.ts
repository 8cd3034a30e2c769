import { describe, expect, it } from "vitest";

import type { FigureKind, Mark, Outcome, Result } from "../src/api/types";
import { csvText, wrapped, type Sheet } from "../src/frame/sheet";
import { provenanceOf } from "../src/frame/provenance";
import { endingsSheet, histogramSheet, hoursSheet, markText, movedSheet } from "../src/results/sheets";

const figure: FigureKind = { id: "p_attack", name: "Red attacks", unit: "share", note: "", group: "headline" };
const spread = (mean: number): Result["figures"][string] => ({ mean, p05: 0, p50: mean, p95: 1, half_width: 0.01 });
const result = (mean: number): Result => ({
  posture: "forward",
  seed: 1,
  worlds: 512,
  figures: { p_attack: spread(mean), full: spread(0.5) },
  histogram: { figure: "p_attack", edges: [0, 0.5, 1], counts: [400, 112] },
  hours_to: [
    { id: "tallinn", name: "Tallinn", share: 0.9, p05: 40, p50: 80.4, p95: 300 },
    { id: "vilnius", name: "Vilnius", share: 0, p05: null, p50: null, p95: null },
  ],
  outcomes: { deterred: 0.6, inaction: 0.4 },
  acts: [],
  response: [],
  annual_cost_meur: 1,
  one_off_cost_meur: 1,
  price: 0,
  untested: [],
});
const outcomes: Outcome[] = [
  { id: "inaction", name: "inaction", colour: "#000", note: "nobody acts" },
  { id: "deterred", name: "deterred", colour: "#fff", note: "Red refrains" },
];
const beside = { result: result(0.4), name: "Tripwire" };
const mark: Mark = { goals: ["tallinn"], low: 36, high: 60, unit: "h", label: "RAND's games", source: "rand", note: "" };

describe("sheets", () => {
  it("hold the numbers of their charts, whole, beside the baseline's", () => {
    const sheet = histogramSheet(figure, result(0.25), beside)!;
    expect(sheet.rows.map(({ cells }) => cells)).toEqual([[0, 0.5, 400, 400], [0.5, 1, 112, 112]]);
    expect(sheet.title).toContain("−15\u202fpoints against Tripwire");
    expect(histogramSheet(figure, result(0.25), { result: null, name: "" })!.columns).toHaveLength(3);
  });
  it("tell hours with what is known of them from elsewhere", () => {
    const sheet = hoursSheet(result(0.25), beside, [mark]);
    expect(sheet.rows[0]!.cells).toEqual(["Tallinn", 0.9, 40, 80.4, 300, 80.4, "36 to 60\u202fh"]);
    expect(sheet.rows[1]!.cells.slice(1)).toEqual([0, null, null, null, null, ""]);
    expect(sheet.key).toContain("36 to 60\u202fh: RAND's games (rand)");
    expect(hoursSheet(result(0.25), beside, []).columns.map(({ name }) => name)).not.toContain("elsewhere");
    expect(markText({ ...mark, low: 60 })).toBe("60\u202fh");
  });
  it("keep the endings in their order, and name the most frequent", () => {
    const sheet = endingsSheet(result(0.25), beside, outcomes)!;
    expect(sheet.rows.map(({ cells }) => cells[1])).toEqual([0.4, 0.6]);
    expect(sheet.title).toBe("How it ends: most often deterred (60\u202f%)");
  });
  it("say what moved, by how much of its own size, and nothing if nothing did", () => {
    const sheet = movedSheet(result(0.4), result(0.3), [figure])!;
    expect(sheet.rows[0]!.cells.slice(0, 4)).toEqual(["Red attacks", "share", 0.4, 0.3]);
    expect(sheet.rows[0]!.cells[4]).toBeCloseTo(-0.25);
    expect(movedSheet(result(0.4), result(0.4), [figure])).toBeNull();
  });
});

describe("files", () => {
  const sheet: Sheet = {
    id: "x",
    title: "A title,\nin two lines",
    key: "How to read it.",
    columns: [{ name: "place", unit: "" }, { name: "median", unit: "h" }, { name: "share", unit: "1" }],
    rows: [{ cells: ['Riga, "old"', 12.5, null] }, { cells: ["=cmd()", -3, 0] }],
  };
  it("are lines of comment, then comma-separated values", () => {
    expect(csvText(sheet, ["Source"]).split("\r\n")).toEqual([
      "# A title, in two lines",
      "# How to read it.",
      "# Source",
      "place,median (h),share",
      '"Riga, ""old""",12.5,',
      "'=cmd(),-3,0",
      "",
    ]);
  });
  it("have lines no longer than asked", () => {
    expect(wrapped("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapped("x".repeat(10), 4)).toEqual(["xxxx", "xxxx", "xx"]);
    expect(wrapped("a bb ccccccc d", 4)).toEqual(["a bb", "cccc", "ccc", "d"]);
  });
  it("say what they were made from", () => {
    const scenario = {
      title: "Baltic", sha256: "abc", variants: [{ id: "late", name: "Red in late 2022" }],
      postures: [{ id: "forward", name: "Forward", levers: { mines: 1 } }], levers: [{ id: "mines", name: "Minehunter" }],
    };
    const inputs = { scenario: "baltic", posture: "forward", variants: ["late"], levers: { mines: 4 }, overrides: { "a.b": 2 }, seed: 7 };
    const known = { meta: { caveat: "It does not forecast.", glacis: "0.1" }, scenario, live: { result: result(0.2), inputs } };
    const told = provenanceOf(known as never, "http://here/?x").join("\n");
    for (const fact of ["It does not forecast.", "Forward, with Minehunter 4", "Red in late 2022; a.b = 2", "512 worlds, seed 7", "glacis 0.1", "SHA-256 abc", "http://here/?x"]) {
      expect(told).toContain(fact);
    }
    expect(provenanceOf({ meta: null, scenario: null, live: { result: null, inputs: null } }, "")).toEqual([]);
  });
});
