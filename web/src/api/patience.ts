const LONGEST_WAIT_MS = 8000;

/** Milliseconds before the n-th attempt to ask again: doubling from half a second. */
export const backoff = (attempt: number): number => Math.min(LONGEST_WAIT_MS, 500 * 2 ** attempt);

/** The server gave no answer: it is not there yet, has just ended, or will soon be there again. */
export class Silence extends Error {}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Asks again, ever more seldom, for as long as the server is silent. For questions that change nothing.
 * `onSilence` is called at each silence; whatever else goes wrong is thrown, an abort too.
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  onSilence: () => void = () => undefined,
  wait: (ms: number) => Promise<void> = pause,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (reason) {
      if (!(reason instanceof Silence)) throw reason;
      onSilence();
      await wait(backoff(attempt));
    }
  }
}
