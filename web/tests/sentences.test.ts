import { describe, expect, it } from "vitest";

import type { Alliance, Council, Game, Member, Ripple, Statistics } from "../src/api/details";
import {
  answerSentence,
  attackSentence,
  blockSentence,
  changeSentence,
  choiceSentence,
  dayText,
  gapSentence,
  likelihoodText,
  programmeSentence,
  theatreSentence,
  timelineSentence,
} from "../src/why/sentences";

const at = (mean: number | null): Statistics => ({ mean, p05: mean, p50: mean, p95: mean });
const choice = (id: string, kind: string, share: number, ...worths: number[]): Game["choices"][number] => ({
  id,
  name: id,
  kind,
  share: at(share),
  by_type: Object.fromEntries(worths.map((worth, i) => [`type-${i}`, { share, worth: at(worth) }])),
});
const GAME = {
  p_attack: at(0.25),
  choices: [choice("refrain", "refrain", 0.5, 0, -0.1), choice("grab", "limited", 0.05, -0.2, -0.3), choice("assault", "assault", 0.2, -0.1, 0.1)],
  types: [
    { id: "type-0", name: "Opportunist, that takes", share: 0.7 },
    { id: "type-1", name: "Insecure, that fears", share: 0.3 },
  ],
  expects: [{ id: "assault", name: "Assault", expected: at(0.5), true: at(0.8), gap: at(-0.3) }],
  today: null,
} as unknown as Game;

const plain = (words: string): string => words.replaceAll("\u202f", " ");

describe("titles of the game", () => {
  it("name how often Red attacks, and by what most", () => {
    expect(plain(attackSentence(GAME))).toBe("At a moment of decision Red attacks with a probability of 25 %, most often by “assault” (20 %)");
  });
  it.each([
    [-0.3, "softer than it is"],
    [0.3, "firmer than it is"],
    [0.01, "as it is"],
  ])("judge a gap of %d", (gap, words) => {
    const expects = [{ ...GAME.expects[0]!, gap: at(gap) }];
    expect(gapSentence({ ...GAME, expects })).toContain(words);
  });
  it("name what is worth most to whom", () => {
    expect(choiceSentence(GAME)).toBe("On average “refrain” is worth most to the opportunist, “assault” to the insecure");
    expect(choiceSentence({ ...GAME, types: [GAME.types[0]!] })).toBe("On average “refrain” is worth most to the opportunist");
    const alike = GAME.choices.map((one) => ({ ...one, by_type: { "type-0": one.by_type["type-0"]!, "type-1": one.by_type["type-0"]! } }));
    expect(choiceSentence({ ...GAME, choices: alike })).toBe("To both of Red's types “refrain” is worth most on average");
  });
  it("tell what a posture changes by one thing alone", () => {
    expect(changeSentence(GAME, (id) => id)).toContain("takes as given");
    const alone = { war: at(-0.06), answer: at(-0.16), threat: at(0.022) };
    const today = { posture: "thin", change: at(-0.19), displacement: null, alone };
    expect(plain(changeSentence({ ...GAME, today }, () => "Thin"))).toBe(
      "Against “Thin”: −19 points. By one thing alone: the war that Red expects −6.0 points, the answer that it expects −16 points, the threat that it feels +2.2 points.",
    );
  });
  it("count the signals", () => {
    const signals = [{ id: "a", name: "A", date: "2022-02-12", low: 0.7, high: 1.05, median: 0.9, speaks: "against" as const }];
    const days = [{ date: "2022-02-12", ...at(0.45) }];
    expect(plain(timelineSentence({ base: at(0.5), days, signals }))).toBe("1 dated signal moved Red's belief in a full answer from 50 % to 45 %");
    expect(likelihoodText(signals[0]!)).toBe("0.7 to 1.05");
    expect(likelihoodText({ ...signals[0]!, high: 0.7 })).toBe("0.7");
    expect(dayText("2022-02-12")).toBe("12 Feb 2022");
  });
});

describe("titles of the alliance", () => {
  const member = (name: string, blocks: number, is_pivotal = false): Member => ({ id: name, name, blocks, is_pivotal }) as Member;
  const council = { name: "Assault", response: { full: at(0.8) }, by_pivotal_alone: at(0.84), by_consensus: at(0.5), members: [member("A", 0.1), member("B", 0.05), member("C", 0.2, true)] } as unknown as Council;
  it("name the routes", () => {
    const alliance = { council: { pivotal: ["C"], pivotal_name: "C", coalition: 2, members: 3 } } as Alliance;
    expect(plain(answerSentence(council, alliance))).toBe("To “Assault” the alliance answers in full with 80 %: the pivotal C is for it with 84 %, and with 50 % nobody blocks it");
  });
  it("name who blocks, and not the pivotal, whose no is more than that", () => {
    expect(plain(blockSentence(council))).toBe("A is likeliest to block consensus, with 10 %, then B 5.0 %");
    expect(blockSentence({ ...council, members: [member("A", 0)] })).toBe("Nobody is likely to block consensus");
  });
});

describe("titles of the rest of the world", () => {
  const ripple = {
    years: 5,
    second_theatre: { quiet: at(0.42), attacked: at(0.47), expected: at(0.43) },
    programmes: { years: 10, states: at(13), expected: at(0.1), by_outcome: [{ id: "a", ...at(0.35) }, { id: "b", ...at(null) }, { id: "c", ...at(0.07) }] },
  } as unknown as Ripple;
  it("tell what an attack adds", () => {
    expect(plain(theatreSentence(ripple))).toBe("Within 5 years a crisis comes in another theatre with 42 % in peace and with 47 % after an attack here: +5.0 points");
    const none = { ...ripple, second_theatre: { ...ripple.second_theatre, attacked: at(null) } };
    expect(theatreSentence(none)).toContain("n/a");
  });
  it("name the endings that set off most and least", () => {
    expect(programmeSentence(ripple, (id) => id.toUpperCase())).toContain("0.35 expected after “A”, 0.07 after “C”");
  });
});
