import { failureFrom, isAbort, postCompare } from "../api/rest";
import type { Comparison, Failure, Inputs } from "../api/types";

export const MINE = "*";

/** Which postures stand beside one another, and what the server says of them. */
export class Comparing {
  chosen = $state<string[]>([]);
  answer = $state.raw<Comparison | null>(null);
  isBusy = $state(false);
  failure = $state.raw<Failure | null>(null);
  #abort: AbortController | null = null;

  async ask(inputs: Inputs, names: ReadonlyMap<string, string>, worlds: number): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.isBusy = true;
    const { scenario, variants, overrides, seed } = inputs;
    const postures = this.chosen.map((id) =>
      id === MINE
        ? { name: "Mine", posture: inputs.posture, levers: inputs.levers }
        : { name: names.get(id) ?? id, posture: id, levers: {} },
    );
    try {
      this.answer = await postCompare({ scenario, variants, overrides, seed, worlds, postures }, abort.signal);
      this.failure = null;
    } catch (reason) {
      if (!isAbort(reason)) this.failure = failureFrom(reason);
    } finally {
      if (this.#abort === abort) this.isBusy = false;
    }
  }
}
