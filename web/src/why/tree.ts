/** A game's tree as it is drawn: what is unlikely folded into ends, every knot with its place. */

import type { TreeNode, View } from "../api/details";

/** A point of the drawing: a node of the game, or ways from one node folded together. */
export interface Knot {
  nodes: number[];
  /** The knot above; -1 at the root. */
  parent: number;
  level: number;
  /** How many ends of the game it stands for; 0 where ways go on. */
  ends: number;
  /** How likely the game comes here, and how likely it goes this way once it is at the knot above. */
  share: number;
  way: number;
  row: number;
}

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);

/** In preorder. No node goes on that is less likely than `least`; ways less likely even together share one end. */
export function knotsOf(nodes: TreeNode[], view: View, least: number): Knot[] {
  const below: number[][] = nodes.map(() => []);
  const ends = nodes.map((node) => (node.moves === null ? 1 : 0));
  for (let n = nodes.length - 1; n > 0; n--) {
    below[nodes[n]!.parent]!.unshift(n);
    ends[nodes[n]!.parent]! += ends[n]!;
  }
  const reached = (group: number[]): number => sum(group.map((n) => nodes[n]![view]));
  const knots: Knot[] = [];
  const waiting: [number[], number][] = [[[0], -1]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [group, parent] = next;
    const first = group[0]!;
    const goesOn = group.length === 1 && nodes[first]!.moves !== null && (parent < 0 || nodes[first]![view] >= least);
    const share = reached(group);
    const above = knots[parent];
    if (goesOn) for (const each of groups(below[first]!, reached, least).reverse()) waiting.push([each, knots.length]);
    knots.push({
      nodes: group,
      parent,
      level: above ? above.level + 1 : 0,
      ends: goesOn ? 0 : sum(group.map((n) => ends[n]!)),
      share,
      way: above ? (above.share > 0 ? share / above.share : 0) : 1,
      row: 0,
    });
  }
  place(knots);
  return knots;
}

/** Nodes that follow from one, each alone but those that are rare even together. */
function groups(ways: number[], reached: (group: number[]) => number, least: number): number[][] {
  const rare = ways.filter((n) => reached([n]) < least);
  if (rare.length < 2 || reached(rare) >= least) return ways.map((n) => [n]);
  return [...ways.filter((n) => !rare.includes(n)).map((n) => [n]), rare];
}

/** Every end has a row of its own; a knot stands in the middle of what follows from it. */
function place(knots: Knot[]): void {
  const spans: [number, number][] = knots.map(() => [Infinity, -Infinity]);
  let row = 0;
  for (const knot of knots) if (knot.ends) knot.row = row++;
  for (let k = knots.length - 1; k >= 0; k--) {
    const knot = knots[k]!;
    if (!knot.ends) knot.row = (spans[k]![0] + spans[k]![1]) / 2;
    const span = spans[knot.parent];
    if (span) spans[knot.parent] = [Math.min(span[0], knot.row), Math.max(span[1], knot.row)];
  }
}

/** Left edge of every level, so that the longest name on the ways to it has room. */
export function levelsOf(knots: Knot[], names: string[], least: number, perLetter: number, bend: number): number[] {
  const longest: number[] = [];
  knots.forEach(({ level }, k) => (longest[level] = Math.max(longest[level] ?? 0, names[k]!.length)));
  const edges = [0];
  for (let level = 1; level < longest.length; level++)
    edges[level] = edges[level - 1]! + Math.max(least, bend + longest[level]! * perLetter + 14);
  return edges;
}

/** Whether a knot stands for more than itself. */
export const isFolded = (knot: Knot, nodes: TreeNode[]): boolean =>
  knot.ends > 0 && (knot.nodes.length > 1 || nodes[knot.nodes[0]!]!.moves !== null);

/** What was done on the way to a knot. */
export function actionOf(knot: Knot, nodes: TreeNode[], most = 26): string {
  const words = knot.nodes.map((n) => nodes[n]!.action).join(", ");
  if (knot.nodes.length > 1 && words.length > most) return `${knot.nodes.length} others`;
  return words.length > most ? `${words.slice(0, most - 1).trimEnd()}…` : words;
}
