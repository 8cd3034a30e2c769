/** What the tabs below the page are told of a posture. Undefined numbers are null. */

import type { Named } from "./types";

export interface Statistics {
  mean: number | null;
  p05: number | null;
  p50: number | null;
  p95: number | null;
}
export type Part = "game" | "alliance" | "ripple";
export type View = "expected" | "true";
export type Answered = "none" | "limited" | "full";

export interface Detail {
  posture: string;
  seed: number;
  worlds: number;
}
/** A node of the game; those that follow from it stand behind it. */
export interface TreeNode extends Record<View, number> {
  parent: number;
  action: string;
  /** A player or `chance`; null at an end. */
  moves: string | null;
  stage: string;
  act: string | null;
  worth: Record<string, number | null> | null;
}
export interface Tree {
  players: string[];
  folds: number[];
  fold: number;
  nodes: TreeNode[];
}
export interface Choice extends Named {
  kind: string;
  share: Statistics;
  by_type: Record<string, { share: number | null; worth: Statistics }>;
}
export interface Expectation extends Named {
  expected: Statistics;
  true: Statistics;
  gap: Statistics;
}
export interface Signal extends Named {
  date: string;
  low: number;
  high: number;
  median: number;
  speaks: "for" | "against" | "either way";
}
export interface Timeline {
  base: Statistics;
  days: (Statistics & { date: string })[];
  signals: Signal[];
}
export interface Game extends Detail {
  p_attack: Statistics;
  p_attack_blind: number;
  precision: Statistics;
  today: { posture: string; change: Statistics; displacement: number | null; alone: Record<string, Statistics> } | null;
  types: (Named & { share: number })[];
  choices: Choice[];
  expects: Expectation[];
  tree: Tree;
  timeline: Timeline | null;
}

export interface Member extends Named {
  support: number;
  full: number;
  limited: number;
  none: number;
  blocks: number;
  is_pivotal: boolean;
  most_for: string;
  most_against: string;
  terms: number[];
}
export interface Council extends Named {
  response: Record<Answered, Statistics>;
  by_consensus: Statistics;
  by_coalition: Statistics;
  by_pivotal_alone: Statistics;
  odds: Statistics;
  dead: Statistics;
  decision_hours: Statistics;
  not_enough_blood: Statistics & { share_of_worlds: number };
  decided_by: (Named & { share: number })[];
  members: Member[];
}
export interface Alliance extends Detail {
  council: { pivotal: string[]; pivotal_name: string; coalition: number; members: number };
  terms: (Named & { note: string })[];
  options: Council[];
}

export interface TheatreCourse extends Named {
  guarantor: string;
  note: string;
  quiet: Statistics[];
  attacked: Statistics[];
  added: Statistics[];
  by_answer: Record<Answered, Statistics[]>;
}
export interface Guarantor extends Named {
  before: Statistics;
  after: Record<Answered, Statistics>;
  lost_blocked: Statistics;
  lost_aside: Statistics;
}
export interface Programmes {
  years: number;
  states: Statistics;
  expected: Statistics;
  by_outcome: (Statistics & { id: string })[];
}
export interface Ripple extends Detail {
  years: number;
  p_attack_5y: Statistics;
  second_theatre: Record<"expected" | "attacked" | "quiet", Statistics>;
  course: { years: number[]; theatres: TheatreCourse[] } | null;
  guarantors: Guarantor[];
  programmes: Programmes | null;
}
export interface Details {
  game: Game;
  alliance: Alliance;
  ripple: Ripple;
}
