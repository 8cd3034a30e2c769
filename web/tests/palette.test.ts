import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

const LEAST = 5.4;
const LEAST_OF_LINES = 3;
const css = readFileSync(new URL("../src/styles/palette.css", import.meta.url), "utf8");

function palette(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]));
}
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((i) => parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(first: string, second: string): number {
  const [dark, light] = [luminance(first), luminance(second)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const PAGE_GROUNDS = ["paper", "card", "tint"];
const MAP_GROUNDS = ["land", "land-red", "land-blue", "water"];
const pairs = (words: string[], grounds: string[]): [string, string][] =>
  words.flatMap((word) => grounds.map((ground): [string, string] => [word, ground]));

describe.each([
  ["light", ":root"],
  ["dark", ':root[data-theme="dark"]'],
])("the %s theme", (_, selector) => {
  const colours = palette(selector);
  it.each([
    ...pairs(["ink", "muted", "accent"], PAGE_GROUNDS),
    ...pairs(["ink", "muted", "red", "blue"], MAP_GROUNDS),
    ...pairs(["red", "blue"], ["card"]),
    ...pairs(["ink"], ["field-low", "field-high"]),
    ["on-accent", "accent"] as [string, string],
    ["paper", "ink"] as [string, string],
  ])("lets %s be read on %s", (word, ground) => {
    expect(contrast(colours[word]!, colours[ground]!)).toBeGreaterThanOrEqual(LEAST);
  });
  it.each(pairs(["edge", "accent"], PAGE_GROUNDS))("lets the lines of %s be seen on %s", (line, ground) => {
    expect(contrast(colours[line]!, colours[ground]!)).toBeGreaterThanOrEqual(LEAST_OF_LINES);
  });
});
