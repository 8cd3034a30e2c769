import type { Inputs, Meta, Result, Scenario } from "../api/types";
import { leverValue } from "../inputs/address";
import type { Provenance } from "./sheet";

interface Known {
  meta: Meta | null;
  scenario: Scenario | null;
  live: { result: Result | null; inputs: Inputs | null };
}

/** What the charts on the page were made from: caveat, version, scenario, posture, worlds, address. */
export function provenanceOf({ meta, scenario, live }: Known, address: string = window.location.href): Provenance {
  const { result, inputs } = live;
  if (!meta || !scenario || !result || !inputs) return [];
  const preset = scenario.postures.find(({ id }) => id === inputs.posture)?.name ?? inputs.posture;
  const changes = Object.keys(inputs.levers).map((id) => {
    const name = scenario.levers.find((lever) => lever.id === id)?.name ?? id;
    return `${name} ${leverValue(inputs, scenario, id)}`;
  });
  const others = [
    ...inputs.variants.map((id) => scenario.variants.find((variant) => variant.id === id)?.name ?? id),
    ...Object.entries(inputs.overrides).map(([path, value]) => `${path} = ${value}`),
  ];
  return [
    meta.caveat,
    `Posture: ${preset}${changes.length ? `, with ${changes.join(", ")}` : ""}.`,
    ...(others.length ? [`Changed in the scenario: ${others.join("; ")}.`] : []),
    `${result.worlds} worlds, seed ${inputs.seed}. glacis ${meta.glacis}.`,
    `Scenario: ${scenario.title}, SHA-256 ${scenario.sha256}.`,
    `Address: ${address}`,
  ];
}
