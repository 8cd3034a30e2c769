import { failureFrom, isAbort, postInputs } from "../../api/rest";
import type { Failure, Field, FieldInput, Inputs, Scenario } from "../../api/types";
import { leverValue, withLever, withOverride } from "../../inputs/address";
import { Job } from "../study.svelte";

export type Axis = "x" | "y";
export type Pair = Record<Axis, FieldInput>;

const nameOf = ({ id }: FieldInput): string => id.slice(id.indexOf(":") + 1);
const isLever = ({ id }: FieldInput): boolean => id.startsWith("lever:");

/** Where the page stands on an axis. */
export interface Stand {
  value: number;
  /** The page holds no value, but draws the number anew in each world: this is its central one. */
  isDrawn: boolean;
}

export function standOf(inputs: Inputs, scenario: Scenario, input: FieldInput): Stand {
  if (isLever(input)) return { value: leverValue(inputs, scenario, nameOf(input)), isDrawn: false };
  const set = inputs.overrides[nameOf(input)];
  return { value: set ?? input.central ?? input.values[0]!, isDrawn: set === undefined };
}

/** The state with an input set; a number is let go, to be drawn again, by null. */
export function withInput(inputs: Inputs, scenario: Scenario, input: FieldInput, value: number | null): Inputs {
  if (isLever(input)) return value === null ? inputs : withLever(inputs, scenario, nameOf(input), value);
  return withOverride(inputs, nameOf(input), value);
}

/** All of a state but the two inputs, to tell whether a field is still of what the page is set to. */
export function besides(inputs: Inputs, { x, y }: Pair): string {
  const names = [nameOf(x), nameOf(y)];
  const rest = (record: Record<string, number>): [string, number][] =>
    Object.entries(record)
      .filter(([name]) => !names.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const { scenario, variants, posture, seed } = inputs;
  return JSON.stringify([scenario, [...variants].sort(), posture, seed, rest(inputs.levers), rest(inputs.overrides)]);
}

/** Two inputs, and the field over them once it has been made. */
export class Phase {
  x = $state<string | null>(null);
  y = $state<string | null>(null);
  pair = $state.raw<Pair | null>(null);
  failure = $state.raw<Failure | null>(null);
  made = $state.raw<{ field: Field; inputs: Inputs } | null>(null);
  readonly job = new Job("grid");
  #abort: AbortController | null = null;

  /** The field, if it is over the two inputs that are chosen. */
  get field(): Field | null {
    const { made, pair } = this;
    return made && pair && made.field.x.id === pair.x.id && made.field.y.id === pair.y.id ? made.field : null;
  }

  /** Ask for the two inputs' names and ranges; the server chooses those that are not chosen. */
  async span(inputs: Inputs): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      this.pair = await postInputs(inputs, this.x, this.y, abort.signal);
      this.failure = null;
    } catch (reason) {
      if (!isAbort(reason)) this.failure = failureFrom(reason);
    }
  }

  async make(inputs: Inputs, worlds: number): Promise<void> {
    if (!this.pair) return;
    await this.job.start(inputs, { x: this.pair.x.id, y: this.pair.y.id, worlds });
    const { study } = this.job;
    if (study?.status === "done" && study.result) this.made = { field: study.result, inputs };
  }

  forget(): void {
    if (this.job.isRunning) void this.job.cancel();
    this.x = this.y = this.pair = this.made = null;
  }
}
