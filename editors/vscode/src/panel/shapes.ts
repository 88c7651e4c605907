// Geometries out of rows: GeoJSON objects, Socrata's locations, or two columns of degrees. What is
// not a place on earth is counted, not drawn.

import type { Column, Value } from "../protocol.ts";
import type { Table } from "./table.ts";
import { isGeometric, isNumeric } from "./values.ts";

/** Rings, lines or single places, projected: x and y in turn. */
export interface Shape {
  readonly row: number;
  readonly kind: "point" | "line" | "area";
  readonly parts: readonly Float64Array[];
  /** Left, top, right, bottom. */
  readonly box: readonly [number, number, number, number];
}

export interface Found {
  readonly shapes: readonly Shape[];
  /** Rows without a place. */
  readonly missing: number;
  /** Places at 0 degrees of both, which stand for "unknown" in many datasets. */
  readonly nowhere: number;
}

/** Where the geometry of a result is: in a column, or as longitude and latitude in two. */
export type Source =
  | { readonly column: number }
  | { readonly longitude: number; readonly latitude: number };

/** All places where a geometry may be, with a name for each. */
export function sources(columns: readonly Column[]): { readonly name: string; readonly source: Source }[] {
  const found: { name: string; source: Source }[] = columns.flatMap((column, index) =>
    isGeometric(column) ? [{ name: column.name, source: { column: index } }] : []);
  const named = (pattern: RegExp): number => columns.findIndex((column) => isNumeric(column) && pattern.test(column.name));
  const longitude = named(/^(?:lon|lng|long|longitude|x)$|_(?:lon|lng|longitude)$/iu);
  const latitude = named(/^(?:lat|latitude|y)$|_(?:lat|latitude)$/iu);
  if (longitude >= 0 && latitude >= 0) {
    const name = `${columns[longitude]?.name ?? ""}, ${columns[latitude]?.name ?? ""}`;
    found.push({ name, source: { longitude, latitude } });
  }
  return found;
}

const MOST_NORTH = 85.05;

/** Web Mercator, in degrees of the equator, downwards. */
export function project(longitude: number, latitude: number): [number, number] {
  const north = Math.max(-MOST_NORTH, Math.min(MOST_NORTH, latitude)) * (Math.PI / 180);
  return [longitude, -Math.asinh(Math.tan(north)) * (180 / Math.PI)];
}

/** The inverse of the projection for latitudes. */
export function latitudeOf(y: number): number {
  return Math.atan(Math.sinh(-y * (Math.PI / 180))) * (180 / Math.PI);
}

export function shapes(table: Table, source: Source): Found {
  const found: Shape[] = [];
  let missing = 0;
  let nowhere = 0;
  for (let at = 0; at < table.size; at += 1) {
    const row = table.source(at) ?? 0;
    const read = "column" in source
      ? readValue(table.value(at, source.column))
      : readPair(table.value(at, source.longitude), table.value(at, source.latitude));
    if (!read) missing += 1;
    else if (read.kind === "point" && read.parts.every((part) => isNowhere(part))) nowhere += 1;
    else found.push({ row, ...read, box: boxOf(read.parts) });
  }
  return { shapes: found, missing, nowhere };
}

interface Read {
  readonly kind: Shape["kind"];
  readonly parts: readonly Float64Array[];
}

function isNowhere(part: Float64Array): boolean {
  return part.length === 2 && part[0] === 0 && part[1] === 0;
}

function readPair(longitude: unknown, latitude: unknown): Read | undefined {
  if (longitude === null || latitude === null || longitude === "" || latitude === "") return undefined;
  const part = partOf([[Number(longitude), Number(latitude)]]);
  return part && { kind: "point", parts: [part] };
}

/** How deep the places of a geometry lie, and what they are. */
const KINDS: Readonly<Record<string, readonly [depth: number, kind: Shape["kind"]]>> = {
  Point: [0, "point"],
  MultiPoint: [1, "point"],
  LineString: [1, "line"],
  MultiLineString: [2, "line"],
  Polygon: [2, "area"],
  MultiPolygon: [3, "area"],
};

function readValue(value: Value): Read | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if ("latitude" in value && "longitude" in value) return readPair(value.longitude, value.latitude);
  const known = "type" in value && typeof value.type === "string" ? KINDS[value.type] : undefined;
  if (!known || !("coordinates" in value)) return undefined;
  const [depth, kind] = known;
  const parts: Float64Array[] = [];
  const collect = (item: unknown, levels: number): boolean => {
    if (levels > 1) return Array.isArray(item) && item.every((inner) => collect(inner, levels - 1));
    const part = partOf(levels === 0 ? [item] : item);
    if (part) parts.push(part);
    return part !== undefined;
  };
  return collect(value.coordinates, depth) && parts.length > 0 ? { kind, parts } : undefined;
}

function partOf(places: unknown): Float64Array | undefined {
  if (!Array.isArray(places) || places.length === 0) return undefined;
  const part = new Float64Array(places.length * 2);
  for (const [index, place] of places.entries()) {
    if (!Array.isArray(place)) return undefined;
    const [longitude, latitude] = place as unknown[];
    if (typeof longitude !== "number" || typeof latitude !== "number") return undefined;
    if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) return undefined;
    part.set(project(longitude, latitude), index * 2);
  }
  return part;
}

export function boxOf(parts: readonly Float64Array[]): [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const part of parts) {
    for (let index = 0; index < part.length; index += 2) {
      const x = part[index] ?? 0;
      const y = part[index + 1] ?? 0;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return [left, top, right, bottom];
}

/** Whether a place is inside of rings, holes counted as outside. */
export function inside(parts: readonly Float64Array[], x: number, y: number): boolean {
  let within = false;
  for (const part of parts) {
    for (let i = 0, j = part.length - 2; i < part.length; j = i, i += 2) {
      const [xi, yi, xj, yj] = [part[i] ?? 0, part[i + 1] ?? 0, part[j] ?? 0, part[j + 1] ?? 0];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
    }
  }
  return within;
}
