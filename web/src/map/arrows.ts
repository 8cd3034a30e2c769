type Point = [number, number];

export interface Arrow {
  d: string;
  /** Its length on the map, in pixels. */
  length: number;
}

const STEPS = 14; // of a curve between two places
const SHORT = 9; // pixels that the head stops before its place
const LEAST = 30; // pixels below which an arrow cannot be read

/** A curve through places, as a fine line: a Catmull-Rom spline, which passes through each. */
export function curve(route: readonly Point[]): Point[] {
  if (route.length < 3) return [...route];
  const at = (index: number): Point => route[Math.min(route.length - 1, Math.max(0, index))]!;
  const line: Point[] = [at(0)];
  for (let i = 0; i + 1 < route.length; i++) {
    for (let step = 1; step <= STEPS; step++) {
      const t = step / STEPS;
      const weights = [-t + 2 * t ** 2 - t ** 3, 2 - 5 * t ** 2 + 3 * t ** 3, t + 4 * t ** 2 - 3 * t ** 3, t ** 3 - t ** 2];
      const sum = (axis: 0 | 1): number => weights.reduce((total, w, k) => total + (w / 2) * at(i + k - 1)[axis], 0);
      line.push([sum(0), sum(1)]);
    }
  }
  return line;
}

const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);

function lengthOf(line: readonly Point[]): number {
  return line.slice(1).reduce((sum, point, i) => sum + distance(line[i]!, point), 0);
}

/** The first so many pixels of a line. */
function cut(line: readonly Point[], length: number): Point[] {
  const kept: Point[] = [line[0]!];
  let left = length;
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1]!, line[i]!];
    const step = distance(from, to);
    if (step >= left) {
      const share = step > 0 ? left / step : 0;
      kept.push([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
      break;
    }
    kept.push(to);
    left -= step;
  }
  return kept;
}

/** A line drawn out backwards from its end until it can be read; null if it leads nowhere. */
function drawnOut(line: Point[]): Point[] | null {
  const length = lengthOf(line);
  if (length < 0.5) return null;
  const [x, y] = line.at(-1)!;
  const scale = Math.max(1, LEAST / length);
  return line.map((point) => [x + (point[0] - x) * scale, y + (point[1] - y) * scale]);
}

/**
 * An arrow along a route, so many pixels wide at its foot: it narrows by half, then has a head.
 * Null if the route leads nowhere.
 */
export function arrow(route: readonly Point[], width: number): Arrow | null {
  if (route.length < 2) return null;
  const whole = drawnOut(curve(route));
  if (!whole) return null;
  const all = lengthOf(whole);
  const length = all - Math.min(SHORT, all / 4);
  const head = Math.min(width * 1.5 + 4, length * 0.45);
  const line = cut(whole, length);
  const shaft = cut(line, length - head);
  const tip = line.at(-1)!;
  const [left, right]: Point[][] = [[], []];
  let gone = 0;
  shaft.forEach((point, i) => {
    const before = shaft[Math.max(0, i - 1)]!;
    const after = shaft[i + 1] ?? tip;
    gone += distance(before, point);
    const half = (width / 2) * (1 - 0.5 * (gone / (length - head)));
    const [nx, ny] = normal(before === point ? point : before, after);
    left!.push([point[0] + nx * half, point[1] + ny * half]);
    right!.push([point[0] - nx * half, point[1] - ny * half]);
  });
  const neck = shaft.at(-1)!;
  const [nx, ny] = normal(neck, tip);
  const wing = width * 0.55 + 2;
  const corners: Point[] = [
    ...left!,
    [neck[0] + nx * wing, neck[1] + ny * wing],
    tip,
    [neck[0] - nx * wing, neck[1] - ny * wing],
    ...right!.reverse(),
  ];
  return { d: `M${corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}Z`, length };
}

/** One pixel to the left of a way. */
function normal(from: Point, to: Point): Point {
  const length = distance(from, to) || 1;
  return [(to[1] - from[1]) / length, -(to[0] - from[0]) / length];
}
