/** Formations close together on the screen are drawn as one symbol with a number. */
export interface Dot {
  id: string;
  side: string;
  type: string;
  name: string;
  x: number;
  y: number;
  strength: number;
  isSpent: boolean;
}
export interface Cluster {
  id: string;
  side: string;
  type: string;
  x: number;
  y: number;
  count: number;
  strength: number;
  isSpent: boolean;
  names: string[];
}

/** Groups each side's formations within a reach of the first of them, then moves groups apart. */
export function cluster(dots: readonly Dot[], reach: number): Cluster[] {
  const groups: Dot[][] = [];
  for (const dot of dots) {
    const home = groups.find(([first]) => first!.side === dot.side && Math.hypot(first!.x - dot.x, first!.y - dot.y) < reach);
    if (home) home.push(dot);
    else groups.push([dot]);
  }
  const clusters = groups.map(summary);
  moveApart(clusters, reach);
  return clusters;
}

function summary(members: readonly Dot[]): Cluster {
  const first = members[0]!;
  const mean = (pick: (dot: Dot) => number): number => members.reduce((sum, dot) => sum + pick(dot), 0) / members.length;
  return {
    id: first.id,
    side: first.side,
    type: commonest(members.map((dot) => dot.type)),
    x: mean((dot) => dot.x),
    y: mean((dot) => dot.y),
    count: members.length,
    strength: mean((dot) => dot.strength),
    isSpent: members.every((dot) => dot.isSpent),
    names: members.map((dot) => dot.name),
  };
}

function commonest(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** A few rounds of pushing along the line between two groups that overlap. */
function moveApart(clusters: Cluster[], reach: number): void {
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < clusters.length; i++) {
      for (let j = i + 1; j < clusters.length; j++) push(clusters[i]!, clusters[j]!, reach);
    }
  }
}

function push(a: Cluster, b: Cluster, reach: number): void {
  let [dx, dy] = [b.x - a.x, b.y - a.y];
  const apart = Math.hypot(dx, dy);
  if (apart >= reach) return;
  if (apart < 0.01) [dx, dy] = [a.side < b.side ? -1 : 1, 0.2];
  const scale = (reach - apart) / 2 / Math.hypot(dx, dy);
  a.x -= dx * scale;
  a.y -= dy * scale;
  b.x += dx * scale;
  b.y += dy * scale;
}
