import type { Inputs, Scenario } from "../api/types";

const LEVER = "lever.";
const OVERRIDE = "set.";
const PIN = "pin";
const DEFAULT_SEED = 1;

/** The query that holds a state and its baseline; whatever is as by default is left out. */
export function encode(inputs: Inputs, pinned: Inputs, defaults: { scenario: string; posture: string }): string {
  const query = new URLSearchParams();
  if (inputs.scenario !== defaults.scenario) query.append("scenario", inputs.scenario);
  append(query, inputs, { prefix: "", posture: inputs.posture === defaults.posture ? null : "posture" });
  if (!isSame(pinned, defaultPin(inputs, defaults.posture))) append(query, pinned, { prefix: `${PIN}.`, posture: PIN });
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Adds a state under names that begin with a prefix, its posture under one of its own. */
function append(query: URLSearchParams, inputs: Inputs, names: { prefix: string; posture: string | null }): void {
  const { prefix, posture } = names;
  for (const variant of inputs.variants) query.append(`${prefix}variant`, variant);
  if (posture) query.append(posture, inputs.posture);
  if (inputs.seed !== DEFAULT_SEED) query.append(`${prefix}seed`, String(inputs.seed));
  for (const [id, value] of sorted(inputs.levers)) query.append(prefix + LEVER + id, String(value));
  for (const [path, value] of sorted(inputs.overrides)) query.append(prefix + OVERRIDE + path, String(value));
}

/** The baseline of a state until one is pinned: the default posture in the same scenario. */
export const defaultPin = (inputs: Inputs, posture: string): Inputs => ({ ...inputs, posture, levers: {}, overrides: {} });

type Asked = Partial<Inputs> & Pick<Inputs, "variants" | "levers" | "overrides">;
export type Query = Asked & { pin?: Asked };

/** What a query asks for; what it leaves out, and what is no number, is left out here. */
export function decode(query: string): Query {
  const parts = new URLSearchParams(query);
  const scenario = parts.get("scenario");
  const posture = parts.get("posture");
  const pin = parts.get(PIN);
  return {
    ...(scenario ? { scenario } : {}),
    ...(posture ? { posture } : {}),
    ...askedIn(parts, ""),
    ...(pin ? { pin: { posture: pin, ...askedIn(parts, `${PIN}.`) } } : {}),
  };
}

function askedIn(parts: URLSearchParams, prefix: string): Asked {
  const seed = wholeNumber(parts.get(`${prefix}seed`));
  return {
    ...(seed === null ? {} : { seed }),
    variants: [...new Set(parts.getAll(`${prefix}variant`))],
    levers: numbers(parts, prefix + LEVER),
    overrides: numbers(parts, prefix + OVERRIDE),
  };
}

/** A whole state from what a query asks for, within what the scenario has. */
export function complete(asked: Asked, scenario: Scenario): Inputs {
  const posture = scenario.postures.some((p) => p.id === asked.posture) ? asked.posture : undefined;
  const levers: Record<string, number> = {};
  for (const lever of scenario.levers) {
    const value = asked.levers[lever.id];
    if (value !== undefined) levers[lever.id] = Math.min(lever.most, Math.max(0, value));
  }
  return {
    scenario: scenario.id,
    variants: asked.variants.filter((id) => scenario.variants.some((v) => v.id === id)),
    posture: posture ?? scenario.default_posture,
    levers,
    overrides: asked.overrides,
    seed: asked.seed ?? DEFAULT_SEED,
  };
}

/** How many units of a lever stand: what was set, or else what the preset has. */
export function leverValue(inputs: Inputs, scenario: Scenario, id: string): number {
  return inputs.levers[id] ?? presetValue(inputs, scenario, id);
}

export function presetValue(inputs: Inputs, scenario: Scenario, id: string): number {
  return scenario.postures.find((p) => p.id === inputs.posture)?.levers[id] ?? 0;
}

/** The name of a state's posture: its preset's, and whether that is changed. */
export function postureName(inputs: Inputs, scenario: Scenario): string {
  const preset = scenario.postures.find(({ id }) => id === inputs.posture)?.name ?? "";
  return Object.keys(inputs.levers).length ? `${preset}, changed` : preset;
}

/** A new state with a lever set; a lever that is as in the preset is not held. */
export function withLever(inputs: Inputs, scenario: Scenario, id: string, value: number): Inputs {
  const { [id]: _, ...others } = inputs.levers;
  const levers = value === presetValue(inputs, scenario, id) ? others : { ...others, [id]: value };
  return { ...inputs, levers };
}

/** A new state with a number of the scenario replaced, or as it was if null. */
export function withOverride(inputs: Inputs, path: string, value: number | null): Inputs {
  const { [path]: _, ...others } = inputs.overrides;
  return { ...inputs, overrides: value === null ? others : { ...others, [path]: value } };
}

export function isSame(first: Inputs, second: Inputs): boolean {
  return key(first) === key(second);
}

function key(inputs: Inputs): string {
  return JSON.stringify([
    inputs.scenario,
    [...inputs.variants].sort(),
    inputs.posture,
    sorted(inputs.levers),
    sorted(inputs.overrides),
    inputs.seed,
  ]);
}

function sorted(record: Record<string, number>): [string, number][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function numbers(parts: URLSearchParams, prefix: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, text] of parts) {
    const value = Number(text);
    if (name.startsWith(prefix) && text.trim() !== "" && Number.isFinite(value)) found[name.slice(prefix.length)] = value;
  }
  return found;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}
