import { describe, expect, it } from "vitest";

import { contours } from "../src/why/phase/contour";

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const over = (xs: number[], ys: number[], value: (x: number, y: number) => number | null): (number | null)[][] =>
  xs.map((x) => ys.map((y) => value(x, y)));

describe("contours", () => {
  it("runs straight through a plane, where the level is", () => {
    const [xs, ys] = [range(5), range(4)];
    const lines = contours(over(xs, ys, (x) => x), xs, ys, 1.25);
    expect(lines).toHaveLength(1);
    expect(lines[0]!.map(([x]) => x)).toEqual([1.25, 1.25, 1.25, 1.25]);
    expect(lines[0]!.map(([, y]) => y).sort()).toEqual(ys);
  });
  it("goes by where the nodes stand, not by their numbers", () => {
    const lines = contours([[0, 0], [1, 1]], [10, 30], [100, 0], 0.25);
    expect(lines).toEqual([[[15, 100], [15, 0]]]);
  });
  it("closes round a hill", () => {
    const xs = range(9);
    const lines = contours(over(xs, xs, (x, y) => -((x - 4) ** 2) - (y - 4) ** 2), xs, xs, -5);
    expect(lines).toHaveLength(1);
    expect(lines[0]!.at(-1)).toEqual(lines[0]![0]);
    for (const [x, y] of lines[0]!) expect(Math.hypot(x - 4, y - 4)).toBeCloseTo(Math.sqrt(5), 0);
  });
  it("makes two lines of two hills, and of a saddle what its middle says", () => {
    const xs = [0, 1];
    const saddle = [[1, 0], [0, 1]];
    const low = contours(saddle, xs, xs, 0.4);
    const high = contours(saddle, xs, xs, 0.6);
    expect(low).toHaveLength(2);
    expect(high).toHaveLength(2);
    // At 0.4 the middle (0.5) belongs to the high corners: each line cuts off a low one, (1, 0) and (0, 1).
    expect(low.every((line) => line.every(([x, y]) => Math.abs(x - y) >= 0.39))).toBe(true);
    // At 0.6 it does not: each line cuts off a high one, (0, 0) and (1, 1).
    expect(high.every((line) => line.every(([x, y]) => x + y <= 0.41 || x + y >= 1.59))).toBe(true);
  });
  it("leaves out what is not known, and finds nothing beyond the field", () => {
    const xs = range(3);
    expect(contours(over(xs, xs, (x, y) => (x === 1 && y === 1 ? null : x)), xs, xs, 0.5)).toEqual([]);
    expect(contours(over(xs, xs, (x) => x), xs, xs, 7)).toEqual([]);
    expect(contours([], [], [], 0)).toEqual([]);
  });
});
