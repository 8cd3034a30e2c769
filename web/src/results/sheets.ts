import type { FigureKind, Mark, Outcome, Result } from "../api/types";
import { capital, changeText, movedMost, valueText } from "../format";
import type { Row, Sheet } from "../frame/sheet";

/** The baseline that a chart shows beside the posture, and its name. */
export interface Beside {
  result: Result | null;
  name: string;
}

const meanOf = (result: Result | null, id: string): number | null => result?.figures[id]?.mean ?? null;
const less = (after: number | null, before: number | null): number | null =>
  after === null || before === null ? null : after - before;

/** How many worlds have how much of the headline. */
export function histogramSheet(figure: FigureKind, result: Result, baseline: Beside): Sheet | null {
  const { histogram } = result;
  if (!histogram) return null;
  const ghost = baseline.result?.histogram ?? null;
  const change = less(meanOf(result, figure.id), meanOf(baseline.result, figure.id));
  const against = change === null ? "" : `; ${changeText(figure.unit, change)} against ${baseline.name}`;
  return {
    id: figure.id.replaceAll("_", "-"),
    title: `${capital(figure.name)}: ${valueText(figure.unit, meanOf(result, figure.id))} in the mean of ${result.worlds} worlds${against}`,
    key: `Bars: worlds now; ${ghost ? `dashed: the baseline, ${baseline.name}; ` : ""}upright line: the mean.`,
    columns: [
      { name: "from", unit: figure.unit },
      { name: "to", unit: figure.unit },
      { name: "worlds", unit: "1" },
      ...(ghost ? [{ name: "worlds, baseline", unit: "1" }] : []),
    ],
    rows: histogram.counts.map((count, i) => ({
      cells: [histogram.edges[i] ?? null, histogram.edges[i + 1] ?? null, count, ...(ghost ? [ghost.counts[i] ?? null] : [])],
    })),
  };
}

/** Hours to each goal, and what is known of them from elsewhere. */
export function hoursSheet(result: Result, baseline: Beside, marks: readonly Mark[]): Sheet {
  const then = new Map(baseline.result?.hours_to.map((goal) => [goal.id, goal.p50]));
  const rows: Row[] = result.hours_to.map(({ id, name, share, p05, p50, p95 }) => ({
    cells: [name, share, p05, p50, p95, ...(baseline.result ? [then.get(id) ?? null] : []), ...(marks.length ? [marksOf(id, marks)] : [])],
  }));
  return {
    id: "hours",
    title: `Hours from H-hour until Red is there: ${mediansText(result)}`,
    key: [
      "Dots: the median; bars: from 5 to 95 % of the runs in which Red gets there, on a logarithmic axis.",
      ...(baseline.result ? [`Open circles: the baseline, ${baseline.name}.`] : []),
      ...marks.map((mark) => `Dashed, ${markText(mark)}: ${mark.label} (${mark.source}).`),
    ].join(" "),
    columns: [
      { name: "place", unit: "" },
      { name: "reached in", unit: "share" },
      { name: "5 %", unit: "h" },
      { name: "median", unit: "h" },
      { name: "95 %", unit: "h" },
      ...(baseline.result ? [{ name: "baseline", unit: "h" }] : []),
      ...(marks.length ? [{ name: "elsewhere", unit: "" }] : []),
    ],
    rows,
  };
}

/** A time or a span of time: `60 h`, `36 to 60 h`. */
export const markText = ({ low, high, unit }: Mark): string =>
  low === high ? valueText(unit, low) : `${low} to ${valueText(unit, high)}`;

const marksOf = (goal: string, marks: readonly Mark[]): string =>
  marks.filter(({ goals }) => goals.includes(goal)).map(markText).join(", ");

/** The medians, in words. */
export function mediansText(result: Result): string {
  const reached = result.hours_to.filter(({ p50 }) => p50 !== null);
  if (!reached.length) return "Red reaches none of them";
  return `in the median ${reached.map(({ name, p50 }) => `${name} ${valueText("h", p50)}`).join(", ")}`;
}

/** The shares of the endings, in the fixed order. */
export function endingsSheet(result: Result, baseline: Beside, outcomes: readonly Outcome[]): Sheet | null {
  const shares = result.outcomes;
  if (!shares) return null;
  const then = baseline.result?.outcomes ?? null;
  const most = outcomes.reduce((best, one) => ((shares[one.id] ?? 0) > (shares[best.id] ?? 0) ? one : best));
  return {
    id: "endings",
    title: `How it ends: most often ${most.name} (${valueText("share", shares[most.id])})`,
    key: then ? `Above: now; below, thin: the baseline, ${baseline.name}.` : "Shares of all worlds.",
    columns: [
      { name: "ending", unit: "" },
      { name: "now", unit: "share" },
      ...(then ? [{ name: "baseline", unit: "share" }] : []),
      { name: "meaning", unit: "", isLong: true },
    ],
    rows: outcomes.map(({ id, name, note, colour }) => ({
      cells: [capital(name), shares[id] ?? null, ...(then ? [then[id] ?? null] : []), note],
      colour,
    })),
  };
}

/** The figures that the last change moved most; each in its own unit, so that they are written out. */
export function movedSheet(before: Result, after: Result, figures: readonly FigureKind[]): Sheet | null {
  const kinds = new Map(figures.map((figure) => [figure.id, figure]));
  const moved = movedMost(before.figures, after.figures).filter(({ id }) => kinds.has(id));
  if (!moved.length) return null;
  const words = moved.map(({ id, before: then, after: now }) => `${kinds.get(id)!.name} ${changeText(kinds.get(id)!.unit, now - then)}`);
  return {
    id: "moved",
    title: `What the last change moved most: ${words.join(", ")}`,
    key: "Bars: the change since the state before, as a share of the larger of both.",
    columns: [
      { name: "figure", unit: "" },
      { name: "unit", unit: "" },
      { name: "before", unit: "1" },
      { name: "after", unit: "1" },
      { name: "of its own size", unit: "share" },
    ],
    rows: moved.map(({ id, before: then, after: now, size }) => ({
      cells: [capital(kinds.get(id)!.name), kinds.get(id)!.unit, then, now, now < then ? -size : size],
    })),
  };
}
