import type { FieldInput } from "../../api/types";

/** Keys move a number by one in so many steps through its range. */
const STEPS = 20;
const DIGITS = 4;

const isLever = ({ id }: FieldInput): boolean => id.startsWith("lever:");
const turned = (input: FieldInput, value: number): number => (input.is_log ? Math.log(value) : value);
const turnedBack = (input: FieldInput, value: number): number => (input.is_log ? Math.exp(value) : value);

/** An axis from 0 to 1: the values of its cells in their middles, half a cell beyond on either side. */
export class Span {
  readonly input: FieldInput;
  /** Where cells end: one more than there are values. */
  readonly edges: readonly number[];
  readonly #low: number;
  readonly #size: number;

  constructor(input: FieldInput) {
    this.input = input;
    const at = input.values.map((value) => turned(input, value));
    const middles = at.slice(1).map((value, i) => (value + at[i]!) / 2);
    this.#low = at[0]! - (middles[0]! - at[0]!);
    const high = at.at(-1)! + (at.at(-1)! - middles.at(-1)!);
    this.#size = high - this.#low;
    this.edges = [this.#low, ...middles, high].map((value) => (value - this.#low) / this.#size);
  }

  get first(): number {
    return this.input.values[0]!;
  }
  get last(): number {
    return this.input.values.at(-1)!;
  }

  /** Where a value stands; beyond 0 to 1 if the axis does not reach it. */
  place(value: number): number {
    return (turned(this.input, value) - this.#low) / this.#size;
  }

  /** The nearest value that can be set: whole units of a lever, a number in few digits. */
  value(place: number): number {
    const value = turnedBack(this.input, this.#low + place * this.#size);
    const kept = Math.min(this.last, Math.max(this.first, value));
    if (isLever(this.input)) return Math.round(kept);
    const told = Number(kept.toPrecision(DIGITS));
    return told < this.first || told > this.last ? kept : told;
  }

  /** A value some steps of a key further: a unit of a lever, a twentieth of a number's range. */
  moved(value: number, steps: number): number {
    if (isLever(this.input)) return Math.min(this.last, Math.max(this.first, value + steps));
    const [low, high] = [this.place(this.first), this.place(this.last)];
    return this.value(this.place(value) + (steps * (high - low)) / STEPS);
  }

  /** Whether nobody has looked at the numbers there. */
  isUntested(value: number): boolean {
    return this.input.tested !== null && value > this.input.tested;
  }
}
