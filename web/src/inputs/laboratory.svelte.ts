import { failureFrom, getLand, getMeta, getScenario } from "../api/rest";
import { Live, liveAddress, type Connection } from "../api/live";
import type { Failure, Inputs, Land, LiveAnswer, Meta, Progress, Result, Scenario, Tier } from "../api/types";
import { Guess } from "../results/guess.svelte";
import { Target } from "../results/target.svelte";
import { complete, decode, defaultPin, encode, isSame, postureName, type Query } from "./address";
import { begin, canRedo, canUndo, commit, redo, undo, type History } from "./history";

/** After the last coarse answer: a full one that is begun sooner is only in the way of the next. */
const REST_MS = 200;
const NOTHING = { variants: [], levers: {}, overrides: {} };

/** What is known of one channel: its last answer, and what is under way. */
export class Channel {
  result = $state.raw<Result | null>(null);
  inputs = $state.raw<Inputs | null>(null);
  tier = $state<Tier>("rest");
  isBusy = $state(false);
  progress = $state.raw<Progress | null>(null);
  failure = $state.raw<Failure | null>(null);

  take(answer: LiveAnswer, inputs: Inputs): void {
    this.progress = answer.progress ?? null;
    if (answer.progress) return;
    this.isBusy = false;
    this.failure = answer.error ?? null;
    if (!answer.result) return;
    this.result = answer.result;
    this.inputs = inputs;
    this.tier = answer.tier ?? "rest";
  }
}

/** All that the page knows: what was asked of the server, and what it answered. */
export class Laboratory {
  meta = $state.raw<Meta | null>(null);
  scenario = $state.raw<Scenario | null>(null);
  land = $state.raw<Land | null>(null);
  inputs = $state.raw<Inputs | null>(null);
  pinned = $state.raw<Inputs | null>(null);
  connection = $state<Connection>("connecting");
  failure = $state.raw<Failure | null>(null);
  /** What the reader should know of how the page was opened. */
  notice = $state("");
  isReplaying = $state(false);
  /** The state at which the hand rests; slow answers follow this one. */
  rested = $state.raw<Inputs | null>(null);
  /** The last answers at rest: before the last change, and after it. */
  before = $state.raw<Result | null>(null);
  after = $state.raw<Result | null>(null);
  readonly live = new Channel();
  readonly pin = new Channel();
  readonly guess = new Guess();
  readonly target = new Target();

  #history = $state.raw<History<Inputs> | null>(null);
  #socket: Live | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pinWaits = false;
  /** The scenario that was chosen last. */
  #wanted = "";
  readonly #missed = (): void => {
    this.connection = "lost";
  };

  get canUndo(): boolean {
    return this.#history !== null && canUndo(this.#history);
  }
  get canRedo(): boolean {
    return this.#history !== null && canRedo(this.#history);
  }
  get isPinned(): boolean {
    return this.inputs !== null && this.pinned !== null && isSame(this.inputs, this.pinned);
  }

  async open(query: string): Promise<void> {
    try {
      this.meta = await getMeta(this.#missed);
      const asked = decode(query);
      const first = this.meta.scenarios[0]!.id;
      const isKnown = !asked.scenario || this.meta.scenarios.some((s) => s.id === asked.scenario);
      if (!isKnown) this.notice = `This server does not hold the scenario ${asked.scenario}; open its files again. What you see is another.`;
      await (isKnown ? this.#load(asked.scenario ?? first, asked) : this.#load(first, NOTHING));
      this.#socket = new Live(liveAddress(window.location), {
        onAnswer: (answer, inputs) => this.#heard(answer, inputs),
        onConnection: (connection) => (this.connection = connection),
      });
      this.#begin();
    } catch (reason) {
      this.failure = failureFrom(reason);
    }
  }

  /** Opens a scenario that was just given to the server; what fails is the caller's to tell. */
  async openOwn(scenario: string): Promise<void> {
    this.meta = await getMeta(this.#missed);
    await this.#exchange(scenario);
  }

  async choose(scenario: string): Promise<void> {
    try {
      await this.#exchange(scenario);
    } catch (reason) {
      this.failure = failureFrom(reason);
    }
  }

  /** While the hand moves: shown at once, asked coarsely, and asked in full when it rests. */
  change(next: Inputs): void {
    this.inputs = next;
    this.#ask("drag");
    this.#awaitRest();
  }

  #awaitRest(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.live.isBusy ? this.#awaitRest() : this.settle()), REST_MS);
  }

  /** A change made at one stroke: asked coarsely first, so that something is soon there. */
  set(next: Inputs): void {
    this.inputs = next;
    this.#ask("drag");
    this.settle();
  }

  settle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.inputs || !this.#history) return;
    this.#history = commit(this.#history, this.inputs, isSame);
    this.#ask("rest");
  }

  undo(): void {
    this.#step(undo);
  }
  redo(): void {
    this.#step(redo);
  }

  pinHere(): void {
    this.pinned = this.inputs;
    this.#writeAddress();
    this.#askPin();
  }

  /** Goes back to before the last change, and forward again in steps that can be seen. */
  async replayChange(steps = 10, stepMs = 160): Promise<void> {
    const before = this.#history?.past.at(-1);
    const after = this.#history?.present;
    if (!before || !after || this.isReplaying) return;
    this.isReplaying = true;
    this.inputs = before;
    this.#ask("drag");
    await pause(1000);
    for (let step = 1; step <= steps; step++) {
      this.inputs = step === steps ? after : between(before, after, step / steps, this.scenario!);
      this.#ask("drag");
      await pause(stepMs);
    }
    this.isReplaying = false;
    this.#ask("rest");
  }

  #step(move: (history: History<Inputs>) => History<Inputs>): void {
    if (!this.#history || this.isReplaying) return;
    if (this.inputs && !isSame(this.inputs, this.#history.present)) this.settle();
    this.#history = move(this.#history);
    this.inputs = this.#history.present;
    this.#ask("drag");
    this.#ask("rest");
  }

  async #exchange(scenario: string): Promise<void> {
    await this.#load(scenario, NOTHING);
    this.notice = "";
    this.#begin();
  }

  async #load(id: string, asked: Query): Promise<void> {
    this.#wanted = id;
    const [scenario, land] = await Promise.all([getScenario(id, this.#missed), getLand(id, this.#missed)]);
    if (id !== this.#wanted) return; // another was chosen while the server was away
    this.failure = null;
    if (this.#socket?.isOpen) this.connection = "open";
    this.scenario = scenario;
    this.land = land;
    this.live.result = this.pin.result = this.before = this.after = null;
    this.rested = null;
    this.inputs = complete(asked, scenario);
    this.pinned = asked.pin ? complete(asked.pin, scenario) : defaultPin(this.inputs, scenario.default_posture);
    this.#history = begin(this.inputs);
  }

  #ask(tier: Tier): void {
    if (!this.inputs || !this.scenario || !this.meta) return;
    this.live.isBusy = true;
    this.#socket?.request("live", tier, this.inputs);
    if (tier !== "rest") return;
    this.#writeAddress();
  }

  #writeAddress(): void {
    if (!this.inputs || !this.pinned || !this.scenario || !this.meta) return;
    const defaults = { scenario: this.meta.scenarios[0]!.id, posture: this.scenario.default_posture };
    window.history.replaceState(null, "", window.location.pathname + encode(this.inputs, this.pinned, defaults));
  }

  /** The first number comes soonest if the baseline is asked for after it. */
  #begin(): void {
    this.#pinWaits = true;
    this.#ask("drag");
    this.#ask("rest");
  }

  #askPin(): void {
    this.#pinWaits = false;
    if (!this.pinned) return;
    this.pin.isBusy = true;
    this.#socket?.request("pin", "rest", this.pinned);
  }

  #heard(answer: LiveAnswer, inputs: Inputs): void {
    if (answer.channel === "pin") this.pin.take(answer, inputs);
    else this.live.take(answer, inputs);
    if (answer.channel === "live" && this.#timer !== undefined) this.#awaitRest();
    if (answer.channel !== "live" || answer.tier !== "rest" || !answer.result) return;
    if (this.rested && !isSame(this.rested, inputs)) this.before = this.after;
    this.after = answer.result;
    this.rested = inputs;
    if (this.#pinWaits) this.#askPin();
    this.target.record(postureName(inputs, this.scenario!), inputs, answer.result);
  }
}

/** A state on the way from one to another: levers in whole steps, all else as at the end. */
function between(before: Inputs, after: Inputs, share: number, scenario: Scenario): Inputs {
  const levers: Record<string, number> = {};
  const preset = (inputs: Inputs, id: string): number =>
    inputs.levers[id] ?? scenario.postures.find((p) => p.id === inputs.posture)?.levers[id] ?? 0;
  for (const { id } of scenario.levers) {
    const start = preset(before, id);
    const end = preset(after, id);
    if (start !== end || id in after.levers) levers[id] = Math.round(start + (end - start) * share);
  }
  return { ...after, levers };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const laboratory = new Laboratory();
