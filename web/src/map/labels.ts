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
}
export interface Placed extends Label {
  anchor: "start" | "end" | "middle";
  dx: number;
  dy: number;
}
interface Box {
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
  if (label.isArea) return [0, -18, 18, -36, 36].map((dy) => ({ ...label, anchor: "middle", dx: 0, dy }));
  return [
    { ...label, anchor: "start", dx: OFF, dy: drop },
    { ...label, anchor: "end", dx: -OFF, dy: drop },
    { ...label, anchor: "middle", dx: 0, dy: OFF + label.size * 0.8 },
    { ...label, anchor: "middle", dx: 0, dy: -OFF },
  ];
}

function boxOf({ isArea, text, size, x, y, dx, dy, anchor }: Placed): Box {
  const width = text.length * size * (isArea ? SPACED : CHARACTER);
  const left = x + dx - (anchor === "start" ? 0 : anchor === "end" ? width : width / 2);
  return { left, right: left + width, top: y + dy - size * 0.85, bottom: y + dy + size * 0.25 };
}

const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Labels at the first of four sides where they hit nothing; those that find no room are left out. */
export function placeLabels(labels: readonly Label[], frame: { width: number; height: number }): Placed[] {
  const taken: Box[] = labels.filter((label) => !label.isArea).map(({ x, y }) => ({ left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 }));
  const placed: Placed[] = [];
  for (const label of [...labels].sort((a, b) => a.rank - b.rank)) {
    const free = options(label).find((option) => {
      const box = boxOf(option);
      const inside = box.left > 2 && box.right < frame.width - 2 && box.top > 2 && box.bottom < frame.height - 2;
      return inside && !taken.some((other) => overlap(box, other));
    });
    if (!free) continue;
    taken.push(boxOf(free));
    placed.push(free);
  }
  return placed;
}
