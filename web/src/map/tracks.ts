import type { Replay, ReplayEvent, TrackEntry } from "../api/types";

/** Where a formation stands at an hour: `null` before its first entry. */
export interface Stand {
  lon: number;
  lat: number;
  strength: number;
  status: number;
}

/** The last of the entries (each begins with its frame) at or before a frame. */
export function entryAt<T extends readonly [number, ...unknown[]]>(entries: readonly T[], frame: number): T | null {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]![0] <= frame) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1] ?? null;
}

/** The frame at or before an hour, and how far it is to the next, 0 to 1. */
export function frameAt(hours: readonly number[], hour: number): { frame: number; share: number } {
  let frame = 0;
  while (frame + 1 < hours.length && hours[frame + 1]! <= hour) frame++;
  const start = hours[frame] ?? 0;
  const end = hours[frame + 1];
  const share = end === undefined ? 0 : Math.min(1, Math.max(0, (hour - start) / (end - start)));
  return { frame, share };
}

/** Between two frames a formation goes straight; strength and status are those of the frame passed. */
export function standAt(track: readonly TrackEntry[], frame: number, share: number): Stand | null {
  const here = entryAt(track, frame);
  if (!here) return null;
  const next = share > 0 ? entryAt(track, frame + 1) : here;
  const [, , , lat, lon, strength, status] = here;
  const to = next ?? here;
  return { lon: lon + (to[4] - lon) * share, lat: lat + (to[3] - lat) * share, strength, status };
}

/** Who holds each place at a frame. */
export function holdersAt(control: Replay["control"], frame: number): Record<string, string> {
  const holders: Record<string, string> = {};
  for (const [place, entries] of Object.entries(control)) {
    const entry = entryAt(entries, frame);
    if (entry) holders[place] = entry[1];
  }
  return holders;
}

/** The last few events at or before an hour, newest first; large ones only if asked. */
export function eventsUpTo(events: readonly ReplayEvent[], hour: number, count: number): ReplayEvent[] {
  return events.filter((e) => e.hour <= hour).slice(-count).reverse();
}
