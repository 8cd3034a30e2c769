import { describe, expect, it } from "vitest";

import type { Inputs, Scenario } from "../src/api/types";
import { complete, decode, encode, isSame, leverValue, withLever, withOverride } from "../src/inputs/address";

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

describe("the address", () => {
  it("holds every input and leaves defaults out", () => {
    expect(encode(inputs, defaults)).toBe("?variant=winter&posture=thick&seed=0&lever.mine=4&set.crisis.insight=0.8");
    expect(encode(complete(decode(""), scenario), defaults)).toBe("");
  });
  it("comes back as it went", () => {
    expect(complete(decode(encode(inputs, defaults)), scenario)).toEqual(inputs);
  });
  it("names another scenario than the first", () => {
    expect(encode({ ...inputs, scenario: "coast" }, defaults)).toContain("scenario=coast");
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
