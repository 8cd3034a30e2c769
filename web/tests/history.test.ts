import { expect, it } from "vitest";

import { begin, canRedo, canUndo, commit, redo, undo } from "../src/inputs/history";

const isSame = (a: number, b: number): boolean => a === b;
const after = (...steps: number[]) => steps.slice(1).reduce((h, step) => commit(h, step, isSame), begin(steps[0]!));

it("goes back and forward", () => {
  const history = after(1, 2, 3);
  expect(undo(history).present).toBe(2);
  expect(undo(undo(history)).present).toBe(1);
  expect(redo(undo(history)).present).toBe(3);
});
it("stays where there is no step", () => {
  expect(undo(begin(1))).toEqual(begin(1));
  expect(redo(begin(1))).toEqual(begin(1));
  expect([canUndo(begin(1)), canRedo(begin(1))]).toEqual([false, false]);
});
it("forgets what was undone when something new is done", () => {
  expect(canRedo(commit(undo(after(1, 2)), 5, isSame))).toBe(false);
});
it("takes the same state for no step", () => {
  expect(commit(after(1, 2), 2, isSame)).toEqual(after(1, 2));
});
it("keeps no more than two hundred steps", () => {
  const long = after(...Array.from({ length: 300 }, (_, i) => i));
  expect(long.past.length).toBe(200);
  expect(long.present).toBe(299);
});
