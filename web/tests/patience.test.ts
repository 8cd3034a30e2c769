import { expect, it, vi } from "vitest";

import { backoff, patiently, Silence } from "../src/api/patience";

const silentFor = (times: number) => {
  let asked = 0;
  return async (): Promise<number> => {
    asked += 1;
    if (asked <= times) throw new Silence();
    return asked;
  };
};

it("asks again until there is an answer, ever more seldom", async () => {
  const waits: number[] = [];
  const onSilence = vi.fn();
  const wait = async (ms: number): Promise<void> => void waits.push(ms);
  expect(await patiently(silentFor(6), onSilence, wait)).toBe(7);
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  expect(onSilence).toHaveBeenCalledTimes(6);
});
it("throws what is no silence, at once", async () => {
  const refused = vi.fn().mockRejectedValue(new TypeError("no"));
  await expect(patiently(refused)).rejects.toThrow("no");
  expect(refused).toHaveBeenCalledTimes(1);
});
it("waits longer before each attempt, up to eight seconds", () => {
  expect([0, 1, 2, 3, 4, 9].map(backoff)).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
});
