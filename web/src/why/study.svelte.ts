import { cancelStudy, failureFrom, getStudy, postStudy } from "../api/rest";
import type { Failure, Inputs, Study, StudyKind } from "../api/types";

const ASK_AGAIN_MS = 700;

/** A slow study, from the asking to its result. */
export class Job<Kind extends StudyKind> {
  study = $state.raw<Study<Kind> | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** The state that the study was asked for. */
  asked = $state.raw<Inputs | null>(null);
  isStarting = $state(false);
  readonly kind: Kind;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  get isRunning(): boolean {
    return this.isStarting || this.study?.status === "waiting" || this.study?.status === "running";
  }

  async start(inputs: Inputs, params: unknown): Promise<void> {
    this.failure = null;
    this.isStarting = true;
    this.asked = inputs;
    try {
      const { id } = await postStudy(this.kind, inputs, params);
      await this.#follow(id);
    } catch (reason) {
      this.failure = failureFrom(reason);
    } finally {
      this.isStarting = false;
    }
  }

  async cancel(): Promise<void> {
    if (!this.study) return;
    try {
      await cancelStudy(this.study.id);
    } catch (reason) {
      this.failure = failureFrom(reason);
    }
  }

  async #follow(id: string): Promise<void> {
    for (;;) {
      const study = await getStudy<Kind>(id);
      this.study = study;
      this.isStarting = false;
      if (study.status === "failed") this.failure = failureOf(study);
      if (study.status !== "waiting" && study.status !== "running") return;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}

function failureOf({ error }: Study): Failure {
  if (error === null) return { message: "The study failed.", problems: [] };
  return typeof error === "string" ? { message: error, problems: [] } : error;
}
