import { failureFrom, isAbort, postCompare } from "../api/rest";
import type { Column, Failure, FigureKind, Inputs, Meta, Result, Scenario } from "../api/types";
import { cheapest, circumstances, offered, presetsOf, triedOf, type Goal, type Tried } from "./goal";

const MOST_TRIED = 500;

/** A goal that the reader sets, and what this visit has tried towards it; nothing of it is stored. */
export class Target {
  isOn = $state(false);
  goal = $state.raw<Goal>({ figure: "", way: "at_most", value: null });
  presets = $state.raw<Tried[]>([]);
  /** In how many worlds the presets are known. */
  worlds = $state(0);
  isBusy = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** Whether the value is the one offered, which follows the presets. */
  #isOffered = true;
  #tried = $state.raw<{ where: string; tried: Tried }[]>([]);
  #asked = "";
  #scenario = "";
  #abort: AbortController | null = null;

  /** Takes down what a posture came to, in as many worlds as at rest. */
  record(name: string, inputs: Inputs, result: Result): void {
    this.#tried = [...this.#tried, { where: circumstances(inputs), tried: triedOf(name, inputs, result) }].slice(-MOST_TRIED);
  }

  best(inputs: Inputs): Tried | null {
    const where = circumstances(inputs);
    return cheapest(this.goal, this.#tried.flatMap((one) => (one.where === where ? [one.tried] : [])));
  }

  /** Sets figure or direction; the value offered is then the best preset's. */
  aim(change: Partial<Goal>, figures: readonly FigureKind[]): void {
    this.goal = { ...this.goal, ...change };
    this.#isOffered = change.value === undefined;
    if (this.#isOffered) this.#offer(figures);
  }

  #offer(figures: readonly FigureKind[]): void {
    const unit = figures.find(({ id }) => id === this.goal.figure)?.unit ?? "";
    this.goal = { ...this.goal, value: offered(this.goal, unit, this.presets) };
  }

  /** Asks what the presets come to under the reader's circumstances, unless that is known. */
  async ask(inputs: Inputs, scenario: Scenario, meta: Meta): Promise<void> {
    const where = circumstances(inputs);
    if (where === this.#asked) return;
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.#asked = where;
    if (scenario.id !== this.#scenario) this.#forget(scenario);
    this.isBusy = true;
    try {
      // A few worlds first: in all of them the presets take long.
      for (const worlds of [meta.tiers.drag, meta.tiers.rest]) {
        this.#told(await this.#columns({ ...inputs, worlds }, scenario, meta.limits.postures, abort.signal), worlds, scenario.figures);
      }
      this.failure = null;
    } catch (reason) {
      if (isAbort(reason)) return;
      this.#asked = "";
      this.failure = failureFrom(reason);
    } finally {
      if (this.#abort === abort) this.isBusy = false;
    }
  }

  async #columns(asked: Inputs & { worlds: number }, scenario: Scenario, most: number, signal: AbortSignal): Promise<Column[]> {
    const columns: Column[] = [];
    for (let first = 0; first < scenario.postures.length; first += most) {
      const postures = scenario.postures.slice(first, first + most).map(({ id, name }) => ({ name, posture: id, levers: {} }));
      const { variants, overrides, seed, worlds } = asked;
      columns.push(...(await postCompare({ scenario: scenario.id, variants, overrides, seed, worlds, postures }, signal)).columns);
    }
    return columns;
  }

  /** Another scenario has other presets and figures; what was aimed at in the last one means nothing in it. */
  #forget(scenario: Scenario): void {
    this.#scenario = scenario.id;
    this.#isOffered = true;
    this.presets = [];
    this.goal = { figure: scenario.figures[0]!.id, way: "at_most", value: null };
  }

  #told(columns: Column[], worlds: number, figures: readonly FigureKind[]): void {
    this.presets = presetsOf(columns);
    this.worlds = worlds;
    if (this.#isOffered) this.#offer(figures);
  }
}
