import { describe, expect, it } from "vitest";

import type { LandFeature, ReplayEvent, TrackEntry } from "../src/api/types";
import { arrow, curve } from "../src/map/arrows";
import { cellsOf } from "../src/map/cells";
import { cluster, type Dot } from "../src/map/clusters";
import { placeLabels } from "../src/map/labels";
import { featurePath, mapFrame, middleOf, scaleBar, type Box } from "../src/map/projection";
import { entryAt, eventsUpTo, frameAt, holdersAt, standAt } from "../src/map/tracks";

const extent: Box = [20, 53, 31, 60];
const known: Box = [17, 51, 33, 61.5];

describe("the projection", () => {
  const frame = mapFrame(extent, known, { width: 700, height: 600 });
  it("keeps the extent within the frame, and the frame within its room", () => {
    expect(frame.width).toBeLessThanOrEqual(700);
    expect(frame.height).toBeLessThanOrEqual(600);
    for (const corner of [[20, 53], [31, 53], [20, 60], [31, 60]] as [number, number][]) {
      const [x, y] = frame.projection(corner)!;
      expect(x).toBeGreaterThanOrEqual(-0.5);
      expect(x).toBeLessThanOrEqual(frame.width + 0.5);
      expect(y).toBeGreaterThanOrEqual(-0.5);
      expect(y).toBeLessThanOrEqual(frame.height + 0.5);
    }
  });
  it("is conformal: a step north and a step east of the same length are as long on the map", () => {
    const [x, y] = frame.projection([25.5, 57])!;
    const [, north] = frame.projection([25.5, 57.1])!;
    const [east] = frame.projection([25.5 + 0.1 / Math.cos((57 * Math.PI) / 180), 57])!;
    expect((east - x) / (y - north)).toBeCloseTo(1, 2);
  });
  it("draws a clockwise ring as a small area, not as all the world but it", () => {
    const feature: LandFeature = { id: "A", name: "A", kind: "land", rings: [[[24, 56], [24, 57], [25, 57], [25, 56], [24, 56]]] };
    expect(featurePath(frame.projection, feature).match(/M/g)).toHaveLength(1);
  });
  it("takes a ring that runs the other way for a hole", () => {
    const outer: [number, number][] = [[24, 56], [24, 58], [26, 58], [26, 56], [24, 56]];
    const hole: [number, number][] = [[24.5, 56.5], [25.5, 56.5], [25.5, 57.5], [24.5, 57.5], [24.5, 56.5]];
    const feature: LandFeature = { id: "A", name: "A", kind: "land", rings: [outer, hole] };
    const whole = middleOf(frame.projection, { ...feature, rings: [outer] });
    const holed = middleOf(frame.projection, feature);
    expect(holed.area).toBeGreaterThan(whole.area / 2);
    expect(holed.area).toBeLessThan(whole.area * 0.8);
  });
  it("has a scale bar no longer than asked", () => {
    const bar = scaleBar(frame, 120);
    expect(bar.length).toBeLessThanOrEqual(120);
    expect(bar.km).toBe(100);
  });
});

describe("tracks", () => {
  const track: TrackEntry[] = [
    [0, "a", null, 50, 20, 1, 0],
    [3, "a-b", 10, 51, 22, 0.5, 1],
  ];
  it("hold an entry until the next one", () => {
    expect(entryAt(track, 2)).toBe(track[0]);
    expect(entryAt(track, 3)).toBe(track[1]);
    expect(entryAt(track.slice(1), 2)).toBeNull();
  });
  it("go straight within the step that ends with the next entry", () => {
    expect(standAt(track, 1, 0.5)).toMatchObject({ lat: 50, lon: 20 });
    expect(standAt(track, 2, 0.5)).toMatchObject({ lat: 50.5, lon: 21, strength: 1, status: 0 });
    expect(standAt(track, 9, 0)).toMatchObject({ lat: 51, lon: 22, strength: 0.5 });
  });
  it("find the frame of an hour where steps differ in length", () => {
    expect(frameAt([0, 3, 6, 12], 9)).toEqual({ frame: 2, share: 0.5 });
    expect(frameAt([0, 3, 6, 12], 12)).toEqual({ frame: 3, share: 0 });
    expect(frameAt([0, 3], 99)).toEqual({ frame: 1, share: 0 });
  });
  it("know who holds a place", () => {
    const control: Record<string, [number, string][]> = { a: [[0, "blue"], [4, "red"]] };
    expect([3, 4].map((frame) => holdersAt(control, frame).a)).toEqual(["blue", "red"]);
  });
  it("tell the last events, newest first", () => {
    const events = [1, 2, 3, 9].map((hour) => ({ hour, kind: "fell", major: false, caption: "" }) as ReplayEvent);
    expect(eventsUpTo(events, 4, 2).map(({ hour }) => hour)).toEqual([3, 2]);
  });
});

describe("symbols and names", () => {
  const dot = (id: string, side: string, x: number): Dot => ({ id, side, type: "light", name: id, x, y: 0, strength: 1, isSpent: false });
  it("count formations of a side that stand together", () => {
    const clusters = cluster([dot("a", "blue", 0), dot("b", "blue", 4), dot("c", "blue", 90)], 20);
    expect(clusters.map(({ count }) => count)).toEqual([2, 1]);
  });
  it("stand apart where both sides are at one place", () => {
    const [a, b] = cluster([dot("a", "blue", 0), dot("b", "red", 0)], 20);
    expect(Math.hypot(a!.x - b!.x, a!.y - b!.y)).toBeGreaterThan(15);
  });
  it("leave out a name that finds no room, the lesser first", () => {
    const label = (id: string, rank: number) => ({ id, text: "A long name indeed", x: 100, y: 50, size: 12, rank });
    const placed = placeLabels(["a", "b", "c", "d", "e", "f"].map((id, i) => label(id, i)), { width: 200, height: 60 });
    expect(placed[0]?.id).toBe("a");
    expect(placed.length).toBeLessThan(6);
  });
  it("give the ground to the nearest place", () => {
    const [left, right] = cellsOf([[25, 50], [75, 50]], 100, 100);
    expect(Math.max(...left!.map(([x]) => x))).toBeCloseTo(50);
    expect(Math.min(...right!.map(([x]) => x))).toBeCloseTo(50);
  });
});

describe("arrows", () => {
  const points = (d: string): [number, number][] => d.slice(1, -1).split("L").map((pair) => pair.split(",").map(Number) as [number, number]);
  it("pass through every place of their route", () => {
    const route: [number, number][] = [[0, 0], [100, 20], [180, 120]];
    const line = curve(route);
    for (const [x, y] of route) expect(line.some(([a, b]) => Math.hypot(a - x, b - y) < 1e-9)).toBe(true);
  });
  it("narrow from the foot to the neck, and end just before their goal", () => {
    const found = points(arrow([[0, 0], [200, 0]], 16)!.d);
    const tip = found.reduce((best, point) => (point[0] > best[0] ? point : best));
    expect(tip[0]).toBeCloseTo(191, 0);
    expect(tip[1]).toBeCloseTo(0, 5);
    const foot = found.filter(([x]) => x === 0).map(([, y]) => Math.abs(y));
    expect(Math.max(...foot)).toBeCloseTo(8, 5);
    const neck = Math.min(...found.filter(([x]) => x > 100 && x < 185).map(([, y]) => Math.abs(y)));
    expect(neck).toBeCloseTo(4, 0);
  });
  it("are broader for a broader foot, and none at all where they lead nowhere", () => {
    const breadth = (width: number): number => Math.max(...points(arrow([[0, 0], [0, 90]], width)!.d).map(([x]) => x));
    expect(breadth(12)).toBeGreaterThan(breadth(6));
    expect(arrow([[0, 0]], 6)).toBeNull();
    expect(arrow([[5, 5], [5, 5]], 6)).toBeNull();
  });
  it("reach back over a border that is near their goal", () => {
    const xs = points(arrow([[100, 50], [108, 50]], 6)!.d).map(([x]) => x);
    expect(Math.min(...xs)).toBeCloseTo(78, 0);
    expect(Math.max(...xs)).toBeLessThan(108);
  });
});

describe("names beside symbols", () => {
  const room = { width: 300, height: 200 };
  const town = { id: "a", text: "Marijampole", x: 150, y: 100, size: 12, rank: 1 };
  it("take another side where a symbol stands", () => {
    const symbol = { left: 146, right: 260, top: 90, bottom: 110 };
    const [free] = placeLabels([town], room);
    const [moved] = placeLabels([town], room, [symbol]);
    expect([free!.anchor, free!.dy > 0]).toEqual(["start", true]);
    expect(moved!.anchor).toBe("end");
  });
  it("are not lost for it", () => {
    const everywhere = { left: 0, right: 300, top: 0, bottom: 200 };
    expect(placeLabels([town], room, [everywhere])).toHaveLength(1);
    expect(placeLabels([{ ...town, isArea: true }], room, [everywhere])).toHaveLength(0);
  });
});
