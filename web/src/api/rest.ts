import { patiently, Silence } from "./patience";
import type { Details, Part } from "./details";
import type {
  Comparison,
  Failure,
  FieldInput,
  Inputs,
  Land,
  Meta,
  Quantity,
  Replay,
  Scenario,
  Sensitivity,
  Study,
  StudyKind,
} from "./types";

const ROOT = "/api/v1";
const ENDING = 503;

/** The server's refusal, in its own words. */
export class ServerError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

async function ask(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(ROOT + path, options);
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
    throw new Silence("The server does not answer. Is glacis still running?");
  }
  if (response.status === ENDING) throw new Silence("The server is ending.");
  if (!response.ok) throw new ServerError(await failureOf(response));
  return response;
}

async function failureOf(response: Response): Promise<Failure> {
  const body: unknown = await response.json().catch(() => null);
  const failure = (body as { error?: Failure } | null)?.error;
  return failure ?? { message: `The server answered ${response.status} ${response.statusText}.`, problems: [] };
}

/** What only asks can be asked again: it waits for a server that is away. */
function get<T>(path: string, onSilence?: () => void): Promise<T> {
  return patiently(async () => (await (await ask(path)).json()) as T, onSilence);
}

function posted(body: unknown, signal?: AbortSignal): RequestInit {
  const headers = { "content-type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) };
}

function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return patiently(async () => (await (await ask(path, posted(body, signal))).json()) as T);
}

const scenarioPath = (id: string): string => `/scenarios/${encodeURIComponent(id)}`;

export interface ReplayQuestion {
  state: Inputs;
  option: string;
  response: "full" | "none";
  run: string;
  days: number;
}
export interface CompareQuestion extends Pick<Inputs, "scenario" | "variants" | "overrides" | "seed"> {
  worlds: number;
  postures: { name: string; posture: string; levers: Record<string, number> }[];
}

export const getMeta = (onSilence: () => void): Promise<Meta> => get("/meta", onSilence);
export const getScenario = (id: string, onSilence: () => void): Promise<Scenario> => get(scenarioPath(id), onSilence);
export const getLand = (id: string, onSilence: () => void): Promise<Land> => get(`${scenarioPath(id)}/land`, onSilence);
export const getQuantities = (id: string): Promise<Quantity[]> => get(`${scenarioPath(id)}/quantities`);
export const getStudy = <Kind extends StudyKind>(id: string): Promise<Study<Kind>> => get(`/studies/${id}`);
export const postReplay = (question: ReplayQuestion, signal: AbortSignal): Promise<Replay> =>
  post("/replay", question, signal);
export const postCompare = (question: CompareQuestion, signal: AbortSignal): Promise<Comparison> =>
  post("/compare", question, signal);
export const postDetail = <P extends Part>(part: P, state: Inputs, worlds: number, signal: AbortSignal): Promise<Details[P]> =>
  post(`/${part}`, { state, worlds }, signal);
export const postSensitivity = (state: Inputs, worlds: number, figure: string): Promise<Sensitivity> =>
  post("/sensitivity", { state, worlds, figure });
export const postInputs = (
  state: Inputs,
  x: string | null,
  y: string | null,
  signal: AbortSignal,
): Promise<{ x: FieldInput; y: FieldInput }> => post("/inputs", { state, x, y }, signal);
/** Asked once: a study that was begun twice would be done twice. */
export const postStudy = async (kind: StudyKind, state: Inputs, params: unknown): Promise<{ id: string }> =>
  (await ask("/studies", posted({ kind, state, params }))).json() as Promise<{ id: string }>;
/** Opens a scenario of the reader's own; refused with every problem of its files. */
export async function postScenario(files: { name: string; file: File }[]): Promise<{ id: string; title: string }> {
  const body = new FormData();
  for (const { name, file } of files) body.append("files", file, name);
  return (await (await ask("/scenarios", { method: "POST", body })).json()) as { id: string; title: string };
}
export const cancelStudy = async (id: string): Promise<void> => {
  await ask(`/studies/${id}/cancel`, { method: "POST" });
};
export const postReport = async (question: unknown): Promise<Blob> =>
  (await ask("/report", posted(question))).blob();

/** What went wrong, as something a card can show. */
export function failureFrom(reason: unknown): Failure {
  if (reason instanceof ServerError) return reason.failure;
  return { message: reason instanceof Error ? reason.message : String(reason), problems: [] };
}
export const isAbort = (reason: unknown): boolean => reason instanceof DOMException && reason.name === "AbortError";
