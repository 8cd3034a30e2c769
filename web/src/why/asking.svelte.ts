import type { Details, Part } from "../api/details";
import { failureFrom, isAbort, postDetail } from "../api/rest";
import type { Failure, Inputs } from "../api/types";

/** What the server tells of one part; the latest question wins, and the last answer stays until the next is there. */
export class Asking<P extends Part> {
  answer = $state.raw<Details[P] | null>(null);
  isBusy = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly #part: P;
  #abort: AbortController | null = null;

  constructor(part: P) {
    this.#part = part;
  }

  async ask(inputs: Inputs, worlds: number): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.isBusy = true;
    try {
      this.answer = await postDetail(this.#part, inputs, worlds, abort.signal);
      this.failure = null;
    } catch (reason) {
      if (!isAbort(reason)) this.failure = failureFrom(reason);
    } finally {
      if (this.#abort === abort) this.isBusy = false;
    }
  }

  /** Forgets all: another scenario has other players. */
  clear(): void {
    this.#abort?.abort();
    this.answer = this.failure = null;
    this.isBusy = false;
  }
}
