import { failureFrom, isAbort, postReplay } from "../api/rest";
import type { Failure, Inputs, Meta, Replay } from "../api/types";

export type Run = "median" | "worst-tenth" | "another";
const SECONDS_FOR_ALL = 26;

/** The run on the map, its clock, and the question that brought it. */
export class Campaign {
  replay = $state.raw<Replay | null>(null);
  isBusy = $state(false);
  failure = $state.raw<Failure | null>(null);
  run = $state<Run>("median");
  option = $state("");
  response = $state<"full" | "none">("full");
  hour = $state(0);
  isPlaying = $state(false);
  /** Which run "another run" is; it changes each time one is asked for. */
  other = $state(0);

  #abort: AbortController | null = null;
  #last = 0;

  get end(): number {
    return this.replay?.hours.at(-1) ?? 0;
  }

  /** Asks for the run of a state; the old one stays until the new one is there. */
  async fetch(inputs: Inputs, { asks, limits }: Pick<Meta, "asks" | "limits">): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.isBusy = true;
    const run = this.run === "another" ? String(this.other % limits.runs) : this.run;
    try {
      const question = { state: inputs, option: this.option, response: this.response, run, days: asks.replay_days };
      this.replay = await postReplay(question, abort.signal);
      this.failure = null;
      this.hour = Math.min(this.hour, this.end);
    } catch (reason) {
      if (isAbort(reason)) return;
      this.failure = failureFrom(reason);
    } finally {
      if (this.#abort === abort) this.isBusy = false;
    }
  }

  /** Gives up what is under way; what is shown stays. */
  stop(): void {
    this.#abort?.abort();
  }

  clear(): void {
    this.stop();
    this.replay = null;
    this.failure = null;
    this.isBusy = this.isPlaying = false;
    this.hour = 0;
  }

  toggle(): void {
    this.isPlaying = !this.isPlaying;
    if (!this.isPlaying) return;
    if (this.hour >= this.end) this.hour = 0;
    this.#last = performance.now();
    requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now: number): void {
    if (!this.isPlaying) return;
    const elapsed = Math.min(200, now - this.#last) / 1000;
    this.#last = now;
    this.hour = Math.min(this.end, this.hour + (elapsed * this.end) / SECONDS_FOR_ALL);
    if (this.hour >= this.end) this.isPlaying = false;
    else requestAnimationFrame((next) => this.#tick(next));
  }
}
