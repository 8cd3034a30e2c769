import { describe, expect, it } from "vitest";

import { changeText, clockText, halfWidthText, intervalText, movedMost, plainText, valueText } from "../src/format";

const plain = (text: string): string => text.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");

describe("a value", () => {
  it.each([
    ["share", 0.254, "25 %"],
    ["share", 0.083, "8.3 %"],
    ["share", 0.0004, "<0.1 %"],
    ["share", 0, "0 %"],
    ["share", 1, "100 %"],
    ["meur", 4047.2, "EUR 4,047 m"],
    ["beur", 12.34, "EUR 12.3 bn"],
    ["people", 11323, "11,300"],
    ["h", 60.4, "60 h"],
    ["1", 1.234, "1.23"],
    ["1", -0.312, "\u22120.31"],
    ["1", -0.004, "0.00"],
    ["km", 12.34, "12.3 km"],
    ["h", null, "n/a"],
    ["share", Number.NaN, "n/a"],
  ])("in %s", (unit, value, text) => expect(plain(valueText(unit, value))).toBe(text));
});

describe("a change", () => {
  it.each([
    ["share", -0.12, "\u221212 points"],
    ["share", 0.01, "+1.0 point"],
    ["share", 0.0001, "no change"],
    ["share", 0, "no change"],
    ["meur", 300, "+EUR 300 m"],
    ["people", -431, "\u2212431"],
    ["h", null, "n/a"],
  ])("in %s has its sign", (unit, change, text) => expect(plain(changeText(unit, change))).toBe(text));
  it("has an interval with one unit", () => {
    expect(plain(intervalText("share", -0.21, -0.19))).toBe("\u221221 to \u221219");
    expect(plain(intervalText("meur", 3594, 3676))).toBe("+3,594 to +3,676");
    expect(plain(intervalText("share", -0.001, 0))).toBe("\u22120.1 to 0");
  });
  it("is known to so many points", () => {
    expect(plain(halfWidthText("share", 0.02))).toBe("2.0 points");
    expect(plain(halfWidthText("h", 3))).toBe("3 h");
  });
});

it("tells days and hours", () => {
  expect(clockText(0)).toBe("D+0, H+0");
  expect(clockText(75.4)).toBe("D+3, H+75");
  expect(clockText(-33.2)).toBe("D\u22122, H\u221233");
});
it("tells plain numbers without noise", () => {
  expect(plainText(0.1 + 0.2)).toBe("0.3");
  expect(plainText(-2)).toBe("\u22122");
});
it("finds the figures that moved most, each against its own size", () => {
  const before = { a: { mean: 0.5 }, b: { mean: 100 }, c: { mean: 0.01 }, d: { mean: null }, e: { mean: 1 } };
  const after = { a: { mean: 0.4 }, b: { mean: 101 }, c: { mean: 0.02 }, d: { mean: 3 }, e: { mean: 1 } };
  expect(movedMost(before, after).map(({ id }) => id)).toEqual(["c", "a", "b"]);
});
