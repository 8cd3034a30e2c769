import type { Column, Inputs, Result } from "../api/types";

export type Way = "at_most" | "at_least";
/** What is to be reached: a figure's mean on one side of a value, in the figure's own unit. */
export interface Goal {
  figure: string;
  way: Way;
  value: number | null;
}
/** A posture and what it came to. */
export interface Tried {
  name: string;
  /** Null for a preset that was only asked for, not set. */
  inputs: Inputs | null;
  means: Record<string, number | null>;
  price: number | null;
}

export function triedOf(name: string, inputs: Inputs | null, { figures, price }: Result): Tried {
  const means = Object.fromEntries(Object.entries(figures).map(([id, spread]) => [id, spread?.mean ?? null]));
  return { name, inputs, means, price };
}
export const presetsOf = (columns: readonly Column[]): Tried[] => columns.map(({ name, result }) => triedOf(name, null, result));

/** Whether a mean meets the goal; null if either is not known. */
export function isMet({ way, value }: Goal, mean: number | null | undefined): boolean | null {
  if (value === null || mean === null || mean === undefined) return null;
  return way === "at_most" ? mean <= value : mean >= value;
}

/** The cheapest that meets the goal; of two as cheap the one that was tried first. */
export function cheapest(goal: Goal, tried: readonly Tried[]): Tried | null {
  const met = tried.filter(({ means, price }) => price !== null && isMet(goal, means[goal.figure]) === true);
  return met.reduce<Tried | null>((best, one) => (best === null || one.price! < best.price! ? one : best), null);
}

/** The one that goes farthest in the goal's direction, whatever it costs. */
export function farthest({ figure, way }: Goal, tried: readonly Tried[]): Tried | null {
  const known = tried.filter(({ means }) => means[figure] != null);
  const sign = way === "at_most" ? 1 : -1;
  return known.reduce<Tried | null>(
    (best, one) => (best === null || sign * one.means[figure]! < sign * best.means[figure]! ? one : best),
    null,
  );
}

const STEPS: Record<string, number> = { share: 0.001 };

/** The value that only the farthest meets: its own, rounded so that it still does. */
export function offered(goal: Goal, unit: string, tried: readonly Tried[]): number | null {
  const mean = farthest(goal, tried)?.means[goal.figure] ?? null;
  if (mean === null) return null;
  const step = STEPS[unit] ?? 10 ** (Math.floor(Math.log10(Math.abs(mean) || 1)) - 2);
  const steps = goal.way === "at_most" ? Math.ceil(mean / step - 1e-9) : Math.floor(mean / step + 1e-9);
  return Number((steps * step).toPrecision(12));
}

/** What must be the same for two postures to be told beside each other: all but the posture. */
export const circumstances = ({ scenario, variants, overrides, seed }: Inputs): string =>
  JSON.stringify([scenario, [...variants].sort(), Object.entries(overrides).sort(), seed]);
