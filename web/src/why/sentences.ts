/** Titles of the tabs below the page: sentences made from the numbers. */

import type { Alliance, Council, Game, Ripple, Signal, Statistics, Timeline, TreeNode, View } from "../api/details";
import { capital, changeText, plainText, valueText } from "../format";

const share = (value: number | null | undefined): string => valueText("share", value);
const mean = (spread: Statistics | null | undefined): string => share(spread?.mean);

/** How often Red attacks, and by what most. */
export function attackSentence({ p_attack, choices }: Game): string {
  const armed = choices.filter(({ kind }) => kind === "limited" || kind === "assault");
  const most = armed.reduce((best, one) => ((one.share.mean ?? 0) > (best?.share.mean ?? 0) ? one : best), armed[0]);
  const how = most ? `, most often by “${most.name}” (${mean(most.share)})` : "";
  return `At a moment of decision Red attacks with a probability of ${mean(p_attack)}${how}`;
}

/** Whether Red takes the alliance for firmer or softer than it is. */
export function gapSentence({ expects }: Game): string {
  const one = expects[0];
  if (!one) return "Red's choice does not hang on the alliance's answer";
  const gap = one.gap.mean ?? 0;
  const verdict = Math.abs(gap) < 0.02 ? "sees the alliance as it is" : gap < 0 ? "takes the alliance for softer than it is" : "takes the alliance for firmer than it is";
  return `Red ${verdict}: of “${one.name}” it expects a full answer with ${mean(one.expected)}, and the members would give one with ${mean(one.true)}`;
}

/** From where to where the belief has moved. */
export function timelineSentence({ base, days, signals }: Timeline): string {
  const count = `${signals.length} dated ${signals.length === 1 ? "signal" : "signals"}`;
  return `${count} moved Red's belief in a full answer from ${share(base.p50)} to ${share(days.at(-1)?.p50)}`;
}

/** Which act each of Red's types holds for the best. */
export function choiceSentence({ types, choices }: Game): string {
  const best = types.map(({ id, name }) => {
    const worth = (index: number): number => choices[index]!.by_type[id]?.worth.mean ?? -Infinity;
    const top = choices.reduce((found, _, index) => (worth(index) > worth(found) ? index : found), 0);
    return [name.split(",")[0]!.toLowerCase(), choices[top]!.name.toLowerCase()] as const;
  });
  const acts = new Set(best.map(([, act]) => act));
  if (acts.size === 1 && best.length > 1) return `To ${best.length === 2 ? "both" : "all"} of Red's types “${best[0]![1]}” is worth most on average`;
  return `On average “${best[0]![1]}” is worth most to the ${best.map(([name, act], i) => (i ? `“${act}” to the ${name}` : name)).join(", ")}`;
}

/** What the posture has changed from today's, one thing at a time; empty if it is today's. */
export function changeSentence({ today }: Game, nameOf: (posture: string) => string): string {
  if (!today) return "This is the posture that Red takes as given.";
  const alone = ["war", "answer", "threat"].map((name) => changeText("share", today.alone[name]?.mean));
  return (
    `Against “${nameOf(today.posture)}”: ${changeText("share", today.change.mean)}. By one thing alone: the war that Red expects ` +
    `${alone[0]}, the answer that it expects ${alone[1]}, the threat that it feels ${alone[2]}.`
  );
}

/** What the council does, and what that hangs on. */
export function answerSentence(council: Council, { council: rule }: Alliance): string {
  return (
    `To “${council.name}” the alliance answers in full with ${mean(council.response.full)}: the pivotal ${rule.pivotal_name} ` +
    `${rule.pivotal.length > 1 ? "are" : "is"} for it with ${mean(council.by_pivotal_alone)}, and with ${mean(council.by_consensus)} nobody blocks it`
  );
}

/** Who stands in the way of consensus most. */
export function blockSentence({ members }: Council): string {
  const order = members.filter((one) => !one.is_pivotal).sort((a, b) => b.blocks - a.blocks).slice(0, 3);
  if (!order.length || order[0]!.blocks < 0.0005) return "Nobody is likely to block consensus";
  const others = order.slice(1).map(({ name, blocks }) => `${name} ${share(blocks)}`);
  const then = others.length ? `, then ${others.join(" and ")}` : "";
  return `${order[0]!.name} is likeliest to block consensus, with ${share(order[0]!.blocks)}${then}`;
}

/** What an attack here adds to the risk elsewhere. */
export function theatreSentence({ second_theatre: { quiet, attacked }, years }: Ripple): string {
  const added = attacked.mean === null || quiet.mean === null ? null : attacked.mean - quiet.mean;
  return (
    `Within ${years} years a crisis comes in another theatre with ${mean(quiet)} in peace and with ${mean(attacked)} after an ` +
    `attack here: ${changeText("share", added)}`
  );
}

/** What a promise that is kept or broken does to the first guarantor. */
export function credibilitySentence({ guarantors }: Ripple): string {
  const one = guarantors[0];
  if (!one) return "No guarantor is declared";
  return `${one.name}: credibility of ${mean(one.before)} before an attack, ${mean(one.after.full)} after a full answer, ${mean(one.after.none)} after none`;
}

/** Which ending sets off the most programmes. */
export function programmeSentence({ programmes }: Ripple, nameOf: (outcome: string) => string): string {
  if (!programmes) return "";
  const order = programmes.by_outcome.filter((one) => one.mean !== null).sort((a, b) => b.mean! - a.mean!);
  const [most, least] = [order[0], order.at(-1)];
  if (!most || !least) return "";
  const number = (value: number | null): string => valueText("1", value);
  return (
    `New nuclear programmes of protected states within ${programmes.years} years: ${number(most.mean)} expected after ` +
    `“${nameOf(most.id)}”, ${number(least.mean)} after “${nameOf(least.id)}”`
  );
}

/** A node of the tree in one line, for its tooltip. */
export function nodeWords(node: TreeNode, view: View): string {
  const mover = node.moves === null ? "the end" : node.moves === "chance" ? `chance: ${node.stage}` : `${capital(node.moves)} decides ${node.stage}`;
  return `${mover}; come to with ${share(node[view])}`;
}

/** How many times likelier an act is if the alliance will answer. */
export const likelihoodText = ({ low, high }: Signal): string =>
  low === high ? plainText(low) : `${plainText(low)} to ${plainText(high)}`;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** A day as one reads it out. */
export function dayText(date: string): string {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  return `${day} ${MONTHS[month - 1]} ${year}`;
}
