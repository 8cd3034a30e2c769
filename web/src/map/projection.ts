import { geoArea, geoConicConformal, geoPath, type GeoPermissibleObjects, type GeoProjection } from "d3-geo";

import type { LandFeature } from "../api/types";

export type Box = [west: number, south: number, east: number, north: number];
export interface Frame {
  projection: GeoProjection;
  width: number;
  height: number;
}

/** How large a unit's symbol is drawn: smaller on a small map. */
export const symbolSize = ({ width }: { width: number }): number => (width < 480 ? 0.72 : 1);

/** Points along the edges of a box of longitude and latitude, for the edges curve on the map. */
function outline([west, south, east, north]: Box): GeoPermissibleObjects {
  const steps = Array.from({ length: 13 }, (_, i) => i / 12);
  const points = steps.flatMap((t) => {
    const lon = west + (east - west) * t;
    const lat = south + (north - south) * t;
    return [[lon, south], [lon, north], [west, lat], [east, lat]] as [number, number][];
  });
  return { type: "MultiPoint", coordinates: points };
}

/**
 * A conformal conic map of the extent, at most so large; its parallels stand a sixth within it.
 * The frame grows sideways to use the room, but not beyond the land that is known.
 */
export function mapFrame(extent: Box, known: Box, most: { width: number; height: number }): Frame {
  const [west, south, east, north] = extent;
  const inset = (north - south) / 6;
  const projection = geoConicConformal()
    .parallels([south + inset, north - inset])
    .rotate([-(west + east) / 2, 0])
    .precision(0.3)
    .fitExtent([[0, 0], [most.width, most.height]], outline(extent));
  const path = geoPath(projection);
  const [[left, top], [right, bottom]] = path.bounds(outline(extent));
  const [first, last] = knownSides(projection, known, top, bottom);
  const from = Math.max(Math.min(left, first), left - (most.width - (right - left)) / 2);
  const to = Math.min(Math.max(right, last), from + most.width);
  const [x, y] = projection.translate();
  projection.translate([x - from, y - top]);
  const frame = { projection, width: Math.round(to - from), height: Math.round(bottom - top) };
  projection.clipExtent([[-20, -20], [frame.width + 20, frame.height + 20]]);
  return frame;
}

/** How far left and right the known box reaches at every height of the frame. */
function knownSides(projection: GeoProjection, [west, south, east, north]: Box, top: number, bottom: number): [number, number] {
  let first = -Infinity;
  let last = Infinity;
  for (let lat = south; lat <= north; lat += (north - south) / 40) {
    const left = projection([west, lat]);
    const right = projection([east, lat]);
    if (left && left[1] >= top && left[1] <= bottom) first = Math.max(first, left[0]);
    if (right && right[1] >= top && right[1] <= bottom) last = Math.min(last, right[0]);
  }
  return [first, last];
}

/**
 * A feature as d3-geo wants it. Exterior rings run clockwise; one that runs the other way would hold
 * all the world but itself, so it is a hole in the ring before it.
 */
function geometryOf({ kind, rings }: LandFeature): GeoPermissibleObjects {
  if (kind === "river") return { type: "MultiLineString", coordinates: rings };
  const polygons: [number, number][][][] = [];
  for (const ring of rings) {
    const isHole = geoArea({ type: "Polygon", coordinates: [ring] }) > 2 * Math.PI;
    const around = polygons.at(-1);
    if (isHole && around) around.push(ring);
    else polygons.push([ring]);
  }
  return { type: "MultiPolygon", coordinates: polygons };
}

/** The SVG path of a feature, in tenths of a pixel. */
export function featurePath(projection: GeoProjection, feature: LandFeature): string {
  return geoPath(projection).digits(1)(geometryOf(feature)) ?? "";
}

/** Kilometres of a bar on the map that is about so many pixels long, and its pixels. */
export function scaleBar(frame: Frame, pixels: number): { km: number; length: number } {
  const middle = frame.height / 2;
  const a = frame.projection.invert?.([0, middle]);
  const b = frame.projection.invert?.([pixels, middle]);
  if (!a || !b) return { km: 0, length: 0 };
  const radians = Math.PI / 180;
  const kmPerPixel = (6371 * Math.hypot((b[0] - a[0]) * radians * Math.cos(a[1] * radians), (b[1] - a[1]) * radians)) / pixels;
  const km = [1000, 500, 200, 100, 50, 20, 10, 5].find((n) => n / kmPerPixel <= pixels) ?? 2;
  return { km, length: km / kmPerPixel };
}

/** The edge of what is known, as a path: a box of longitude and latitude. */
export function boxPath(projection: GeoProjection, [west, south, east, north]: Box): string {
  const steps = Array.from({ length: 25 }, (_, i) => i / 24);
  const along = (from: number, to: number, t: number): number => from + (to - from) * t;
  const corners = [
    ...steps.map((t) => [along(west, east, t), south]),
    ...steps.map((t) => [east, along(south, north, t)]),
    ...steps.map((t) => [along(east, west, t), north]),
    ...steps.map((t) => [west, along(north, south, t)]),
  ] as [number, number][];
  const points = corners.flatMap((corner) => {
    const point = projection(corner);
    return point ? [`${point[0].toFixed(1)},${point[1].toFixed(1)}`] : [];
  });
  return `M${points.join("L")}Z`;
}

/** The middle of what is seen of a feature, and how many square pixels are seen. */
export function middleOf(projection: GeoProjection, feature: LandFeature): { point: [number, number]; area: number } {
  const path = geoPath(projection);
  const geometry = geometryOf(feature);
  return { point: path.centroid(geometry), area: path.area(geometry) };
}
