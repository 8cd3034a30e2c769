type Point = [number, number];

/**
 * The part of the frame nearest to each place: ground goes with the nearest place. Half planes are
 * cut one by one; with some fifty places that is quick enough to do once.
 */
export function cellsOf(points: readonly Point[], width: number, height: number): Point[][] {
  return points.map((point, index) => {
    let cell: Point[] = [[0, 0], [width, 0], [width, height], [0, height]];
    points.forEach((other, otherIndex) => {
      if (otherIndex !== index) cell = nearer(cell, point, other);
    });
    return cell;
  });
}

/** What of a polygon lies nearer to one point than to another. */
function nearer(polygon: readonly Point[], point: Point, other: Point): Point[] {
  const side = ([x, y]: Point): number =>
    (x - (point[0] + other[0]) / 2) * (other[0] - point[0]) + (y - (point[1] + other[1]) / 2) * (other[1] - point[1]);
  const kept: Point[] = [];
  polygon.forEach((corner, index) => {
    const next = polygon[(index + 1) % polygon.length]!;
    const [here, there] = [side(corner), side(next)];
    if (here <= 0) kept.push(corner);
    if (here * there < 0) {
      const share = here / (here - there);
      kept.push([corner[0] + (next[0] - corner[0]) * share, corner[1] + (next[1] - corner[1]) * share]);
    }
  });
  return kept;
}

export const polygonPath = (points: readonly Point[]): string =>
  points.length < 3 ? "" : `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}Z`;
