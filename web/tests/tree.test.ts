import { describe, expect, it } from "vitest";

import type { TreeNode } from "../src/api/details";
import { apart } from "../src/why/apart";
import { actionOf, isFolded, knotsOf, levelsOf } from "../src/why/tree";

const node = (parent: number, action: string, moves: string | null, expected: number, actual = expected): TreeNode => ({
  parent,
  action,
  moves,
  stage: "",
  expected,
  true: actual,
  act: moves === null ? "refrain" : null,
  worth: null,
});
/** Red holds back or acts; then a lot is drawn of three, one of them likely. */
const TREE = [
  node(-1, "", "red", 1),
  node(0, "refrain", null, 0.7),
  node(0, "act", "chance", 0.3),
  node(2, "held", null, 0.285, 0.1),
  node(2, "gained", "blue", 0.009, 0.1),
  node(4, "back down", null, 0.004, 0.05),
  node(4, "press on", null, 0.005, 0.05),
  node(2, "stuck", null, 0.006, 0.1),
];
const shown = (least: number, view: "expected" | "true" = "expected"): string[] =>
  knotsOf(TREE, view, least).map((knot) => `${actionOf(knot, TREE)} ${knot.ends}`);

describe("a tree", () => {
  it("is drawn whole where nothing is folded", () => {
    expect(shown(0)).toEqual([" 0", "refrain 1", "act 0", "held 1", "gained 0", "back down 1", "press on 1", "stuck 1"]);
  });
  it("folds what is unlikely into one end that counts what it stands for", () => {
    expect(shown(0.02)).toEqual([" 0", "refrain 1", "act 0", "held 1", "gained, stuck 3"]);
    const last = knotsOf(TREE, "expected", 0.02).at(-1)!;
    expect(last.share).toBeCloseTo(0.015, 12);
    expect(last.way).toBeCloseTo(0.05, 12);
    expect(isFolded(last, TREE)).toBe(true);
  });
  it("keeps apart what is unlikely alone but not together", () => {
    expect(shown(0.01)).toEqual([" 0", "refrain 1", "act 0", "held 1", "gained 2", "stuck 1"]);
    const [gained, stuck] = knotsOf(TREE, "expected", 0.01).slice(-2);
    expect(isFolded(gained!, TREE)).toBe(true);
    expect(isFolded(stuck!, TREE)).toBe(false);
  });
  it("folds by the view that is shown", () => {
    expect(shown(0.02, "true")).toHaveLength(TREE.length);
  });
  it("never loses an end, nor a share", () => {
    for (const least of [0, 0.01, 0.02, 0.5]) {
      const ends = knotsOf(TREE, "expected", least).filter((knot) => knot.ends);
      expect(ends.reduce((total, knot) => total + knot.ends, 0)).toBe(5);
      expect(ends.reduce((total, knot) => total + knot.share, 0)).toBeCloseTo(1, 12);
    }
  });
  it("gives every end a row, and others the middle of theirs", () => {
    const knots = knotsOf(TREE, "expected", 0);
    expect(knots.filter((knot) => knot.ends).map((knot) => knot.row)).toEqual([0, 1, 2, 3, 4]);
    expect(knots[4]!.row).toBe(2.5);
    expect(knots[2]!.row).toBe((1 + 4) / 2);
    expect(knots[0]!.row).toBe((0 + 2.5) / 2);
    expect(knots.map((knot) => knot.level)).toEqual([0, 1, 1, 2, 2, 3, 3, 2]);
  });
  it("gives every level room for its longest name", () => {
    const knots = knotsOf(TREE, "expected", 0);
    const names = knots.map((knot) => (knot.nodes[0] === 1 ? "x".repeat(30) : "short"));
    expect(levelsOf(knots, names, 50, 6, 20)).toEqual([0, 214, 278, 342]);
  });
  it("shortens long names, and counts many", () => {
    const [first] = knotsOf([node(-1, "a very long name of what is done here", null, 1)], "expected", 0);
    const long = [node(-1, "a very long name of what is done here", null, 1)];
    expect(actionOf(first!, long)).toBe("a very long name of what…");
    const many = { nodes: [0, 0, 0], parent: 0, level: 1, ends: 3, share: 0, way: 0, row: 0 };
    expect(actionOf(many, long)).toBe("3 others");
  });
});

describe("places of words", () => {
  it("stay where they are if they are far enough apart", () => {
    expect(apart([30, 10, 60], 10, 0, 100)).toEqual([30, 10, 60]);
  });
  it("move apart, in order, and stay within bounds", () => {
    const found = apart([50, 50, 51, 99, 99], 12, 0, 100);
    const order = [...found].sort((a, b) => a - b);
    for (let i = 1; i < order.length; i++) expect(order[i]! - order[i - 1]!).toBeGreaterThanOrEqual(12 - 0.1);
    expect(Math.max(...found)).toBeLessThanOrEqual(100);
    expect(found[2]!).toBeGreaterThan(Math.min(found[0]!, found[1]!));
  });
  it("has nothing to do with nothing", () => {
    expect(apart([], 10, 0, 100)).toEqual([]);
  });
});
