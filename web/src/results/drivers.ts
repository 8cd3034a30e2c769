import { postSensitivity } from "../api/rest";
import type { Driver, Inputs, Sensitivity } from "../api/types";
import { valueText } from "../format";

const KEPT = 40;
const asked = new Map<string, Promise<Sensitivity>>();

/** What drives a figure of a state; asked once, and kept. What failed may be asked again. */
export function driversOf(inputs: Inputs, worlds: number, figure: string): Promise<Sensitivity> {
  const key = JSON.stringify([inputs, worlds, figure]);
  const known = asked.get(key);
  if (known) return known;
  const found = postSensitivity(inputs, worlds, figure);
  asked.set(key, found);
  found.catch(() => asked.delete(key));
  const oldest = asked.keys().next().value;
  if (asked.size > KEPT && oldest !== undefined) asked.delete(oldest);
  return found;
}

/** Drivers that stand out of chance, the strongest first. */
export const outstanding = ({ drivers }: Sensitivity): Driver[] => drivers.filter((driver) => driver.stands_out);

const WAYS = { raises: "more of it raises the figure", lowers: "more of it lowers the figure", mixed: "no clear direction" };
export const ARROWS = { raises: "↗", lowers: "↘", mixed: "→" };

/** Which way a driver moves the figure, and from where to where. */
export function wayText({ direction, ends }: Driver, unit: string): string {
  const [low, high] = ends.map((end) => valueText(unit, end));
  return `${WAYS[direction]}: ${low} in its lowest third, ${high} in its highest`;
}
