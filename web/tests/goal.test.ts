import { describe, expect, it } from "vitest";

import type { Inputs } from "../src/api/types";
import { cheapest, circumstances, farthest, isMet, offered, type Goal, type Tried } from "../src/results/goal";

const tried = (name: string, mean: number | null, price: number | null): Tried => ({ name, inputs: null, means: { p: mean }, price });
const goal: Goal = { figure: "p", way: "at_most", value: 0.3 };
const all = [tried("dear", 0.1, 9), tried("fair", 0.25, 4), tried("same", 0.2, 4), tried("cheap", 0.4, 1), tried("unknown", null, 0), tried("unpriced", 0.1, null)];

describe("a target", () => {
  it("is met on its own side, its value included, and not judged without numbers", () => {
    expect(isMet(goal, 0.3)).toBe(true);
    expect(isMet(goal, 0.301)).toBe(false);
    expect(isMet({ ...goal, way: "at_least" }, 0.301)).toBe(true);
    expect(isMet({ ...goal, value: null }, 0.1)).toBeNull();
    expect(isMet(goal, null)).toBeNull();
  });
  it("has the cheapest that meets it for its best, the first of two as cheap", () => {
    expect(cheapest(goal, all)?.name).toBe("fair");
    expect(cheapest({ ...goal, value: 0.05 }, all)).toBeNull();
    expect(cheapest({ ...goal, way: "at_least" }, all)?.name).toBe("cheap");
  });
  it("offers the value of the preset that goes farthest, so that this one meets it", () => {
    const presets = [tried("a", 0.25138, 4), tried("b", 0.44, 0)];
    expect(farthest(goal, presets)?.name).toBe("a");
    expect(offered(goal, "share", presets)).toBe(0.252);
    expect(offered({ ...goal, way: "at_least" }, "share", presets)).toBe(0.44);
    expect(isMet({ ...goal, value: offered(goal, "people", [tried("x", 17366.25, 1)]) }, 17366.25)).toBe(true);
    expect(offered({ ...goal, way: "at_least" }, "beur", [tried("x", -12.345, 1)])).toBe(-12.4);
    expect(offered(goal, "share", [tried("x", 0, 1)])).toBe(0);
    expect(offered(goal, "share", [])).toBeNull();
  });
  it("compares what differs in the posture alone", () => {
    const inputs: Inputs = { scenario: "s", posture: "a", variants: ["x", "y"], levers: {}, overrides: { b: 1, a: 2 }, seed: 1 };
    expect(circumstances({ ...inputs, posture: "b", levers: { m: 3 }, variants: ["y", "x"], overrides: { a: 2, b: 1 } })).toBe(circumstances(inputs));
    expect(circumstances({ ...inputs, seed: 2 })).not.toBe(circumstances(inputs));
    expect(circumstances({ ...inputs, overrides: {} })).not.toBe(circumstances(inputs));
  });
});
