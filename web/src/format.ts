/** Numbers in words: units as the server names them, U+2212 for minus, no sign for what rounds to nothing. */

const MINUS = "−";
const NARROW = "\u202f";
export const UNKNOWN = "n/a";

function grouped(value: number, digits: number): string {
  const words = value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return words.replace("-", /[1-9]/.test(words) ? MINUS : "");
}

/** A name as the first word of a line. */
export const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Digits after the point that leave about three to read. */
function digitsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return 0;
  return size >= 10 ? 1 : 2;
}

function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return `<0.1${NARROW}%`;
  const rounded = Math.abs(percent) < 9.95 && percent !== 0 ? grouped(percent, 1) : grouped(percent, 0);
  return `${rounded}${NARROW}%`;
}

/** A figure in its unit: `25 %`, `60 h`, `EUR 4,047 m`. */
export function valueText(unit: string, value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  if (unit === "share") return shareText(value);
  if (unit === "meur") return `EUR${NARROW}${grouped(value, 0)}${NARROW}m`;
  if (unit === "beur") return `EUR${NARROW}${grouped(value, digitsFor(value))}${NARROW}bn`;
  if (unit === "people") return grouped(threeDigits(value), 0);
  if (unit === "h") return `${grouped(value, 0)}${NARROW}h`;
  if (unit === "1" || unit === "") return grouped(value, digitsFor(value));
  return `${grouped(value, digitsFor(value))}${NARROW}${unit}`;
}

/** A change with its sign: `−12 points`, `+EUR 300 m`; `no change` if it would read as nothing. */
export function changeText(unit: string, change: number | null | undefined): string {
  if (change === null || change === undefined || !Number.isFinite(change)) return UNKNOWN;
  const size = Math.abs(change);
  const words = unit === "share" ? pointsText(size) : valueText(unit, size);
  if (!/[1-9]/.test(words)) return "no change";
  return `${change > 0 ? "+" : MINUS}${words}`;
}

/** The interval of a change, signed, without its unit: the change beside it has that. */
export function intervalText(unit: string, low: number, high: number): string {
  return `${bareChange(unit, low)} to ${bareChange(unit, high)}`;
}

function bareChange(unit: string, change: number): string {
  const size = Math.abs(change);
  const words = unit === "share" ? shareText(size) : valueText(unit, size);
  const text = words.replace(/[^\d.,]/g, "");
  return /[1-9]/.test(text) ? `${change > 0 ? "+" : MINUS}${text}` : "0";
}

/** How well a mean is known, half of its interval: `2.0 points`, `3 h`. */
export const halfWidthText = (unit: string, size: number): string =>
  unit === "share" ? pointsText(size) : valueText(unit, size);

function pointsText(size: number): string {
  const points = size * 100;
  const text = grouped(points, points < 9.95 ? 1 : 0);
  return `${text}${NARROW}${text === "1.0" ? "point" : "points"}`;
}

function threeDigits(value: number): number {
  if (value === 0) return 0;
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(value))) - 2);
  return Math.round(value / scale) * scale;
}

/** A plain number for tables of inputs, at full precision but without noise; in fewer digits where it is a mark. */
export function plainText(value: number | null, digits = 6): string {
  return value === null ? UNKNOWN : String(Number(value.toPrecision(digits))).replace("-", MINUS);
}

/** The day and hour of the war: `D+3, H+75`. */
export function clockText(hour: number): string {
  const sign = hour < 0 ? MINUS : "+";
  const whole = Math.abs(Math.round(hour));
  const day = hour < 0 ? Math.ceil(whole / 24) : Math.floor(whole / 24);
  return `D${sign}${day}, H${sign}${whole}`;
}

export interface Moved {
  id: string;
  before: number;
  after: number;
  size: number;
}

/** The figures that changed most, each relative to its own size. */
export function movedMost(
  before: Record<string, { mean: number | null } | null>,
  after: Record<string, { mean: number | null } | null>,
  count = 3,
): Moved[] {
  const moved: Moved[] = [];
  for (const [id, spread] of Object.entries(after)) {
    const now = spread?.mean ?? null;
    const then = before[id]?.mean ?? null;
    if (now === null || then === null || now === then) continue;
    moved.push({ id, before: then, after: now, size: Math.abs(now - then) / Math.max(Math.abs(then), Math.abs(now)) });
  }
  return moved.sort((a, b) => b.size - a.size).slice(0, count);
}
