/** Where to write words for places so that they keep apart, each near its own, all between low and high if there is room. */
export function apart(places: number[], gap: number, low: number, high: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const at = order.map((i) => Math.min(Math.max(places[i]!, low), high));
  for (let round = 0; round < 60; round++) {
    for (let i = 0; i + 1 < at.length; i++) {
      const lack = gap - (at[i + 1]! - at[i]!);
      if (lack <= 0) continue;
      at[i]! -= lack / 2;
      at[i + 1]! += lack / 2;
    }
    for (let i = 0; i < at.length; i++) at[i] = Math.min(Math.max(at[i]!, low), high);
  }
  for (let i = 1; i < at.length; i++) at[i] = Math.max(at[i]!, at[i - 1]! + gap);
  const over = (at.at(-1) ?? 0) - high;
  if (over > 0) {
    at[at.length - 1] = high;
    for (let i = at.length - 2; i >= 0; i--) at[i] = Math.min(at[i]!, at[i + 1]! - gap);
  }
  const found = new Array<number>(places.length);
  order.forEach((i, rank) => (found[i] = at[rank]!));
  return found;
}
