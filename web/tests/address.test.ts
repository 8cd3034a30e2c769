import { describe, expect, it } from "vitest";

import type { Inputs, Scenario } from "../src/api/types";
import { complete, decode, defaultPin, encode, isSame, leverValue, withLever, withOverride } from "../src/inputs/address";

const scenario = {
  id: "island",
  default_posture: "thin",
  variants: [{ id: "winter", name: "Winter", description: "" }],
  postures: [
    { id: "thin", levers: { brigade: 1 } },
    { id: "thick", levers: { brigade: 3 } },
  ],
  levers: [
    { id: "brigade", most: 6 },
    { id: "mine", most: 20 },
  ],
} as unknown as Scenario;
const defaults = { scenario: "island", posture: "thin" };
const inputs: Inputs = {
  scenario: "island",
  variants: ["winter"],
  posture: "thick",
  levers: { mine: 4 },
  overrides: { "crisis.insight": 0.8 },
  seed: 0,
};

const pinned = defaultPin(inputs, "thin");

describe("the address", () => {
  it("holds every input and leaves defaults out", () => {
    expect(encode(inputs, pinned, defaults)).toBe("?variant=winter&posture=thick&seed=0&lever.mine=4&set.crisis.insight=0.8");
    expect(encode(complete(decode(""), scenario), complete(decode(""), scenario), defaults)).toBe("");
  });
  it("comes back as it went", () => {
    expect(complete(decode(encode(inputs, pinned, defaults)), scenario)).toEqual(inputs);
  });
  it("names another scenario than the first", () => {
    expect(encode({ ...inputs, scenario: "coast" }, { ...pinned, scenario: "coast" }, defaults)).toContain("scenario=coast");
  });
  it("drops what the scenario lacks and keeps levers within their range", () => {
    const asked = decode("?posture=none&variant=summer&lever.mine=99&lever.brigade=-2&lever.ghost=1&seed=x&set.a.b=word");
    expect(complete(asked, scenario)).toEqual({
      scenario: "island",
      variants: [],
      posture: "thin",
      levers: { mine: 20, brigade: 0 },
      overrides: {},
      seed: 1,
    });
  });
});

describe("the baseline in the address", () => {
  const round = (pin: Inputs): Inputs => complete(decode(encode(inputs, pin, defaults)).pin!, scenario);
  it("is left out while it is the default posture of the same scenario", () => {
    expect(decode(encode(inputs, pinned, defaults)).pin).toBeUndefined();
    expect(encode(inputs, { ...pinned, variants: [] }, defaults)).toContain("&pin=thin");
  });
  it("comes back as it went, whatever the state beside it is", () => {
    for (const pin of [
      { ...pinned, posture: "thick" },
      { ...pinned, levers: { mine: 0, brigade: 6 } },
      { ...inputs, levers: {} },
      { ...pinned, seed: 9, overrides: { "crisis.insight": 0.1 } },
      { ...pinned, variants: [], seed: 1 },
    ]) {
      expect(round(pin)).toEqual(pin);
    }
  });
  it("keeps apart from the state", () => {
    const asked = decode("?lever.mine=2&pin=thick&pin.lever.mine=7&pin.set.a.b=3&pin.variant=winter&pin.seed=4");
    expect(complete(asked, scenario)).toMatchObject({ posture: "thin", levers: { mine: 2 }, overrides: {}, variants: [], seed: 1 });
    expect(complete(asked.pin!, scenario)).toMatchObject({ posture: "thick", levers: { mine: 7 }, variants: ["winter"], seed: 4 });
  });
  it("is held to what the scenario has", () => {
    const asked = decode("?pin=nobody&pin.lever.mine=999&pin.variant=summer");
    expect(complete(asked.pin!, scenario)).toMatchObject({ posture: "thin", levers: { mine: 20 }, variants: [] });
    expect(decode("?pin.lever.mine=3").pin).toBeUndefined();
  });
});

describe("a change", () => {
  it("holds only levers that differ from the preset", () => {
    const moved = withLever(inputs, scenario, "brigade", 5);
    expect(moved.levers).toEqual({ mine: 4, brigade: 5 });
    expect(withLever(moved, scenario, "brigade", 3).levers).toEqual({ mine: 4 });
    expect(leverValue(inputs, scenario, "brigade")).toBe(3);
  });
  it("leaves its argument alone and can be taken back", () => {
    const changed = withOverride(inputs, "crisis.insight", 0.2);
    expect(inputs.overrides).toEqual({ "crisis.insight": 0.8 });
    expect(withOverride(changed, "crisis.insight", null).overrides).toEqual({});
  });
  it("compares without regard to order", () => {
    const turned = { ...inputs, overrides: { b: 1, a: 2 } };
    expect(isSame(turned, { ...inputs, overrides: { a: 2, b: 1 } })).toBe(true);
    expect(isSame(turned, inputs)).toBe(false);
  });
});
