import { describe, expect, it } from "vitest";

import type { FieldInput, Inputs, Scenario } from "../src/api/types";
import { besides, standOf, withInput } from "../src/why/phase/phase.svelte";
import { Span } from "../src/why/phase/span";

const brigades: FieldInput = {
  id: "lever:brigade", name: "Brigades", unit: "brigades", values: [0, 2, 4, 6], tested: 3, central: null, is_log: false,
};
const base: FieldInput = {
  id: "set:belief.base", name: "Base", unit: "share", values: [0.2, 0.4, 0.6], tested: null, central: 0.5, is_log: false,
};
const rare: FieldInput = { ...base, id: "set:rare", values: [0.001, 0.01, 0.1], central: 0.02, is_log: true };
const scenario = { postures: [{ id: "now", levers: { brigade: 1 } }] } as unknown as Scenario;
const inputs: Inputs = { scenario: "s", variants: [], posture: "now", levers: {}, overrides: {}, seed: 1 };

describe("a span", () => {
  it("has its values in the middles of cells", () => {
    const span = new Span(brigades);
    expect(span.edges).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([0, 2, 4, 6].map((value) => span.place(value))).toEqual([0.125, 0.375, 0.625, 0.875]);
  });
  it("sets whole units of a lever, within its range", () => {
    const span = new Span(brigades);
    expect([-3, 0, 0.3, 0.5, 2].map((place) => span.value(place))).toEqual([0, 0, 1, 3, 6]);
    expect([span.moved(5, 1), span.moved(6, 1), span.moved(0, -1)]).toEqual([6, 6, 0]);
    expect([3, 4].map((value) => span.isUntested(value))).toEqual([false, true]);
  });
  it("sets a number in few digits, and moves it by a twentieth of its range", () => {
    const span = new Span(base);
    expect(span.value(1 / 3)).toBe(0.3);
    expect(span.value(9)).toBe(0.6);
    expect(span.moved(0.5, 1)).toBe(0.52);
    expect(span.moved(0.59, 1)).toBe(0.6);
    expect(span.isUntested(0.6)).toBe(false);
  });
  it("has equal ratios equally far apart where it is logarithmic", () => {
    const span = new Span(rare);
    expect(span.place(0.01)).toBeCloseTo(0.5);
    expect(span.value(0.5)).toBe(0.01);
    expect(span.place(0.1) - span.place(0.01)).toBeCloseTo(span.place(0.01) - span.place(0.001));
  });
  it("gives back any place's value at that place", () => {
    for (const input of [base, rare]) {
      const span = new Span(input);
      for (const value of input.values) expect(span.value(span.place(value))).toBeCloseTo(value, 12);
    }
  });
});

describe("where the page stands", () => {
  it("is a lever's value, the preset's at first", () => {
    expect(standOf(inputs, scenario, brigades)).toEqual({ value: 1, isDrawn: false });
    const moved = withInput(inputs, scenario, brigades, 4);
    expect(moved.levers).toEqual({ brigade: 4 });
    expect(standOf(moved, scenario, brigades).value).toBe(4);
  });
  it("is a number's central value until it is set, and again when it is let go", () => {
    expect(standOf(inputs, scenario, base)).toEqual({ value: 0.5, isDrawn: true });
    const set = withInput(inputs, scenario, base, 0.3);
    expect(standOf(set, scenario, base)).toEqual({ value: 0.3, isDrawn: false });
    expect(withInput(set, scenario, base, null).overrides).toEqual({});
  });
  it("leaves a field as it is, unless something besides the two inputs moves", () => {
    const pair = { x: brigades, y: base };
    const both = withInput(withInput(inputs, scenario, brigades, 4), scenario, base, 0.3);
    expect(besides(both, pair)).toBe(besides(inputs, pair));
    expect(besides({ ...inputs, levers: { other: 1 } }, pair)).not.toBe(besides(inputs, pair));
    expect(besides({ ...inputs, posture: "then" }, pair)).not.toBe(besides(inputs, pair));
    expect(besides({ ...inputs, overrides: { x: 1 } }, pair)).not.toBe(besides(inputs, pair));
  });
});
