/** Where a field takes a value: marching squares, the pieces joined to lines. */

export type Point = [number, number];
type Edge = string;

/**
 * Lines along which a field is at a level.
 *
 * @param field  Values at nodes, as rows over `ys` for each of `xs`; squares at a missing one are left out.
 */
export function contours(field: readonly (readonly (number | null)[])[], xs: readonly number[], ys: readonly number[], level: number): Point[][] {
  const joined = new Map<Edge, Edge[]>();
  const points = new Map<Edge, Point>();
  const at = (i: number, j: number): number => field[i]![j]!;

  /** The crossing between two neighbours, if there is one. */
  function crossing(i: number, j: number, k: number, l: number): Edge | null {
    const [first, second] = [at(i, j), at(k, l)];
    if (first >= level === second >= level) return null;
    const edge = `${i},${j},${k},${l}`;
    const share = (level - first) / (second - first);
    points.set(edge, [xs[i]! + share * (xs[k]! - xs[i]!), ys[j]! + share * (ys[l]! - ys[j]!)]);
    return edge;
  }
  function join(first: Edge, second: Edge): void {
    joined.set(first, [...(joined.get(first) ?? []), second]);
    joined.set(second, [...(joined.get(second) ?? []), first]);
  }

  for (let i = 0; i + 1 < xs.length; i++) {
    for (let j = 0; j + 1 < ys.length; j++) {
      const corners = [field[i]?.[j], field[i + 1]?.[j], field[i + 1]?.[j + 1], field[i]?.[j + 1]];
      if (corners.some((corner) => corner === null || corner === undefined)) continue;
      const below = crossing(i, j, i + 1, j);
      const right = crossing(i + 1, j, i + 1, j + 1);
      const above = crossing(i, j + 1, i + 1, j + 1);
      const left = crossing(i, j, i, j + 1);
      const met = [below, right, above, left].filter((edge) => edge !== null);
      if (met.length === 2) join(met[0]!, met[1]!);
      if (met.length < 4) continue;
      // A saddle: the middle says which corners hang together.
      const middle = (at(i, j) + at(i + 1, j) + at(i + 1, j + 1) + at(i, j + 1)) / 4;
      const isWithFirst = middle >= level === at(i, j) >= level;
      join(below!, isWithFirst ? right! : left!);
      join(above!, isWithFirst ? left! : right!);
    }
  }
  return traced(joined).map((line) => line.map((edge) => points.get(edge)!));
}

/** Chains of edges: open ones from an end first, then rings, whose last is their first again. */
function traced(joined: ReadonlyMap<Edge, Edge[]>): Edge[][] {
  const left = new Set(joined.keys());
  const follow = (start: Edge): Edge[] => {
    const line = [start];
    left.delete(start);
    for (;;) {
      const next = joined.get(line.at(-1)!)!.find((edge) => left.has(edge));
      if (next === undefined) break;
      left.delete(next);
      line.push(next);
    }
    const isRing = line.length > 2 && joined.get(line.at(-1)!)!.includes(start);
    return isRing ? [...line, start] : line;
  };
  const ends = [...joined].filter(([, others]) => others.length === 1).map(([edge]) => edge);
  const lines: Edge[][] = [];
  for (const edge of [...ends, ...joined.keys()]) if (left.has(edge)) lines.push(follow(edge));
  return lines;
}
