import type { Inputs, Scenario } from "../api/types";

const LEVER = "lever.";
const OVERRIDE = "set.";
const DEFAULT_SEED = 1;

/** The query that holds a state; whatever is as by default is left out. */
export function encode(inputs: Inputs, defaults: { scenario: string; posture: string }): string {
  const query = new URLSearchParams();
  if (inputs.scenario !== defaults.scenario) query.append("scenario", inputs.scenario);
  for (const variant of inputs.variants) query.append("variant", variant);
  if (inputs.posture !== defaults.posture) query.append("posture", inputs.posture);
  if (inputs.seed !== DEFAULT_SEED) query.append("seed", String(inputs.seed));
  for (const [id, value] of sorted(inputs.levers)) query.append(LEVER + id, String(value));
  for (const [path, value] of sorted(inputs.overrides)) query.append(OVERRIDE + path, String(value));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** What a query asks for; what it leaves out, and what is no number, is left out here. */
export function decode(query: string): Partial<Inputs> & Pick<Inputs, "variants" | "levers" | "overrides"> {
  const parts = new URLSearchParams(query);
  const scenario = parts.get("scenario");
  const posture = parts.get("posture");
  const seed = wholeNumber(parts.get("seed"));
  return {
    ...(scenario ? { scenario } : {}),
    ...(posture ? { posture } : {}),
    ...(seed === null ? {} : { seed }),
    variants: [...new Set(parts.getAll("variant"))],
    levers: numbers(parts, LEVER),
    overrides: numbers(parts, OVERRIDE),
  };
}

/** A whole state from what a query asks for, within what the scenario has. */
export function complete(asked: ReturnType<typeof decode>, scenario: Scenario): Inputs {
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
