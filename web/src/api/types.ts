/** What the server says, as its contract (/api/v1) has it. Undefined numbers are null. */

export type Tier = "drag" | "rest";
export type Side = "red" | "blue" | "neutral";

export interface Named {
  id: string;
  name: string;
}
export interface Outcome extends Named {
  colour: string;
  note: string;
}
export interface Meta {
  glacis: string;
  schema: number;
  caveat: string;
  tiers: Record<Tier, number>;
  limits: {
    worlds: number;
    studied: number;
    postures: number;
    points: number;
    runs: number;
    upload_bytes: number;
    upload_files: number;
    uploads: number;
  };
  /** Sizes that a request has unless it says otherwise. */
  asks: { replay_days: number; claims_worlds: number };
  upload_endings: string[];
  outcomes: Outcome[];
  groups: Named[];
  scenarios: { id: string; title: string; date: string; description: string }[];
}
export interface Preset extends Named {
  description: string;
  annual_cost_meur: number;
  one_off_cost_meur: number;
  levers: Record<string, number>;
}
export interface Lever extends Named {
  unit: string;
  group: string;
  is_main: boolean;
  most: number;
  tested: number;
  description: string;
  sources: string[];
  drives: string;
  sites: Named[];
  annual_meur: number | null;
  one_off_meur: number | null;
  lead_months: number | null;
  ticks: { posture: string; value: number }[];
}
export interface Place extends Named {
  nation: string;
  lat: number;
  lon: number;
  side: Side;
  is_goal: boolean;
  has_port: boolean;
  has_airfield: boolean;
}
export interface Leg {
  id: string;
  from: string;
  to: string;
  is_corridor: boolean;
}
/** The narrowest passage that the corridor's roads go through, between two points in degrees. */
export interface Gap {
  km: number;
  words: string;
  ends: [number, number][];
}
/** Hours that are known from elsewhere; `goals` are the rows of the chart that they belong to. */
export interface Mark {
  goals: string[];
  low: number;
  high: number;
  unit: string;
  label: string;
  source: string;
  note: string;
}
export interface FigureKind extends Named {
  unit: string;
  note: string;
  group: "headline" | "small" | "more";
}
export interface Scenario {
  id: string;
  title: string;
  date: string;
  description: string;
  sha256: string;
  parts: string[];
  variants: (Named & { description: string })[];
  postures: Preset[];
  default_posture: string;
  levers: Lever[];
  options: (Named & { kind: string })[];
  nations: (Named & { role: string; side?: Side })[];
  /** Kinds of formation; `symbol` is the sign they are drawn with. */
  types?: (Named & { symbol: string })[];
  places: Place[];
  legs: Leg[];
  extent: [number, number, number, number];
  gap: Gap | null;
  marks: Mark[];
  price: { unit: string; note: string };
  figures: FigureKind[];
}
export interface LandFeature {
  id: string | null;
  name: string | null;
  kind: "land" | "lake" | "river";
  rings: [number, number][][];
}
export interface Land {
  source: string | Record<string, string>;
  bbox: [number, number, number, number];
  features: LandFeature[];
}
export interface Quantity {
  path: string;
  /** In words. */
  name: string;
  section: string;
  unit: string;
  shape: string;
  low: number | null;
  mode: number | null;
  high: number | null;
  value: number | null;
  source: string;
  confidence: string;
  note: string;
  is_certain: boolean;
}
/** All that an address holds. */
export interface Inputs {
  scenario: string;
  variants: string[];
  posture: string;
  levers: Record<string, number>;
  overrides: Record<string, number>;
  seed: number;
}
export interface Spread {
  mean: number | null;
  p05: number | null;
  p50: number | null;
  p95: number | null;
  half_width: number | null;
}
export interface Result {
  posture: string;
  seed: number;
  worlds: number;
  figures: Record<string, Spread | null>;
  histogram: { figure: string; edges: number[]; counts: number[] } | null;
  hours_to: (Named & { share: number | null; p05: number | null; p50: number | null; p95: number | null })[];
  outcomes: Record<string, number | null> | null;
  acts: (Named & { mean: number | null })[];
  response: (Named & { mean: number | null })[];
  annual_cost_meur: number | null;
  one_off_cost_meur: number | null;
  price: number | null;
  untested: string[];
}
export interface Problem {
  code: string;
  file?: string;
  line?: number;
  column?: number;
  path: string;
  what: string;
  repair: string;
}
export interface Failure {
  message: string;
  problems: Problem[];
}
export interface Progress {
  done: number;
  of: number;
  words: string;
}
export interface LiveAnswer {
  id: number;
  channel: string;
  tier?: Tier;
  worlds?: number;
  ms?: number;
  result?: Result;
  error?: Failure;
  progress?: Progress;
}
export type TrackEntry = [number, string, number | null, number, number, number, number];
export interface ReplayEvent {
  hour: number;
  kind: string;
  place?: string;
  formations?: string[];
  major: boolean;
  caption: string;
}
/** A way that an attack takes, by places. */
export interface Axis {
  names: string[];
  route: string[];
  people: number;
}
export interface Replay {
  world: number;
  chosen: string | null;
  of_worlds: number | null;
  hours: number[];
  statuses: string[];
  formations: Record<string, Named & { side: Side; nation: string; type: string; people: number; track: TrackEntry[] }>;
  control: Record<string, [number, string][]>;
  contacts: [number, string, number][];
  casualties: Record<string, number[]>;
  events: ReplayEvent[];
  axes: Axis[];
}
export interface Column {
  name: string;
  result: Result;
}
export interface Difference {
  name: string;
  figures: Record<string, { mean: number | null; low: number | null; high: number | null } | null>;
}
export interface Comparison {
  columns: Column[];
  differences: Difference[];
}
export interface Claim {
  id: string;
  statement?: string;
  source?: string | null;
  kind?: string;
  share: number | null;
  low: number | null;
  high: number | null;
  worlds?: number;
  verdict: string;
  assumed: boolean;
  hangs_on: string | null;
  hangs_on_words?: string | null;
  hangs_on_share?: number | null;
  notes: string[];
  reds?: Record<string, { share: number | null; verdict: string }>;
  beside?: Record<string, unknown>;
}
/** A number in doubt that explains some of a figure's spread over worlds. */
export interface Driver {
  path: string;
  name: string;
  unit: string;
  source: string;
  confidence: string;
  note: string;
  share: number;
  low: number;
  high: number;
  stands_out: boolean;
  direction: "raises" | "lowers" | "mixed";
  /** The figure's mean in the lowest third of the number's range, and in the highest. */
  ends: [number, number];
  /** Pairs (the number, the figure's mean there), rising. */
  course: [number, number][];
}
export interface Sensitivity {
  figure: string;
  worlds: number;
  /** Numbers that are in doubt. */
  of: number;
  /** Up to this share, the largest of all may be chance. */
  noise: number;
  drivers: Driver[];
}
/** One of the two inputs of a field. */
export interface FieldInput {
  id: string;
  name: string;
  unit: string;
  values: number[];
  /** Of a lever, the most that any preset has. */
  tested: number | null;
  /** Of a number, the central value of what is drawn in its stead. */
  central: number | null;
  is_log: boolean;
}
export interface FieldFigure {
  mean: (number | null)[][];
  half_width: (number | null)[][];
  low: number | null;
  high: number | null;
  levels: number[];
}
export interface Field {
  worlds: number;
  seed: number;
  x: FieldInput;
  y: FieldInput;
  figures: Record<string, FieldFigure>;
}
/** What each kind of slow study comes to. */
export interface StudyResults {
  claims: { claims: Claim[]; worlds?: number };
  grid: Field;
  sensitivity: Sensitivity;
}
export type StudyKind = keyof StudyResults;
export interface Study<Kind extends StudyKind = StudyKind> {
  id: string;
  kind: string;
  title: string;
  status: "waiting" | "running" | "done" | "failed" | "cancelled";
  progress: number | null;
  created: string;
  result: StudyResults[Kind] | null;
  error: Failure | string | null;
}
