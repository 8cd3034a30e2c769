export interface Label {
  id: string;
  text: string;
  x: number;
  y: number;
  size: number;
  /** Smaller is placed first. */
  rank: number;
  /** The name of an area stands upon its point, and marks none. */
  isArea?: boolean;
  /** Where a label that marks no point may stand instead, as steps from it. */
  spots?: [number, number][];
}
export interface Placed extends Label {
  anchor: "start" | "end" | "middle";
  dx: number;
  dy: number;
}
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const CHARACTER = 0.56; // of the type size, about the mean width of a letter
const SPACED = 0.86; // of capitals set apart
const OFF = 7;

function options(label: Label): Placed[] {
  const drop = label.size * 0.35;
  if (label.spots) return label.spots.map(([dx, dy]) => ({ ...label, anchor: "middle", dx, dy: dy + drop }));
  if (label.isArea) return [0, -18, 18, -36, 36].map((dy) => ({ ...label, anchor: "middle", dx: 0, dy }));
  const [above, below] = [-OFF, OFF + label.size * 0.8];
  return [
    { ...label, anchor: "start", dx: OFF, dy: drop },
    { ...label, anchor: "end", dx: -OFF, dy: drop },
    { ...label, anchor: "middle", dx: 0, dy: below },
    { ...label, anchor: "start", dx: OFF - 2, dy: below - 3 },
    { ...label, anchor: "end", dx: 2 - OFF, dy: below - 3 },
    { ...label, anchor: "middle", dx: 0, dy: above },
    { ...label, anchor: "start", dx: OFF - 2, dy: above + 3 },
    { ...label, anchor: "end", dx: 2 - OFF, dy: above + 3 },
  ];
}

function boxOf({ isArea, text, size, x, y, dx, dy, anchor }: Placed): Box {
  const width = text.length * size * (isArea ? SPACED : CHARACTER);
  const left = x + dx - (anchor === "start" ? 0 : anchor === "end" ? width : width / 2);
  return { left, right: left + width, top: y + dy - size * 0.85, bottom: y + dy + size * 0.25 };
}

const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * Labels at the first of eight sides where they hit nothing; those that find no room are left out.
 * What stands in the way (`crowd`) is covered only where a name would else be lost.
 */
export function placeLabels(
  labels: readonly Label[],
  frame: { width: number; height: number },
  crowd: readonly Box[] = [],
): Placed[] {
  const marked = labels.filter((label) => !label.isArea && !label.spots);
  const taken: Box[] = marked.map(({ x, y }) => ({ left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 }));
  const placed: Placed[] = [];
  const isInside = ({ left, right, top, bottom }: Box): boolean =>
    left > 2 && right < frame.width - 2 && top > 2 && bottom < frame.height - 2;
  for (const label of [...labels].sort((a, b) => a.rank - b.rank)) {
    const all = options(label).map((option) => ({ option, box: boxOf(option) }));
    const free = all.filter(({ box }) => isInside(box) && !taken.some((other) => overlap(box, other)));
    const best = free.find(({ box }) => !crowd.some((other) => overlap(box, other))) ?? (label.isArea ? undefined : free[0]);
    if (!best) continue;
    taken.push(best.box);
    placed.push(best.option);
  }
  return placed;
}
