// The numbers behind a chart: which columns suit it, groups, bins, points and the marks of an axis.
// Everything that is left out is counted, so that the chart can say so.

import type { Column } from "../protocol.ts";
import type { Table } from "./table.ts";
import { isNumeric, isTemporal, visible, whole } from "./values.ts";

export type ChartKind = "bar" | "line" | "histogram";

export interface Choice {
  readonly kind: ChartKind;
  /** The column of the categories, places on the line, or values counted. */
  readonly x: number;
  /** The column of the heights; `null` counts rows. */
  readonly y: number | null;
}

/** Bars and points at most; what is beyond is said to be missing, or drawn as a range. */
export const MOST_BARS = 200;
const MOST_POINTS = 2000;

/** Columns that a kind of chart can have on an axis. */
export function suitable(kind: ChartKind, columns: readonly Column[]): { x: number[]; y: number[] } {
  const indices = columns.map((_, index) => index);
  const test = (check: (column: Column) => boolean) => indices.filter((index) => {
    const column = columns[index];
    return column !== undefined && check(column);
  });
  const numeric = test(isNumeric);
  if (kind === "histogram") return { x: numeric, y: [] };
  if (kind === "line") return { x: test((column) => isNumeric(column) || isTemporal(column)), y: numeric };
  return { x: indices, y: numeric };
}

/** Numbers that measure nothing: places, keys and dates. */
const UNMEASURED = /^(?:x|y|lon|lng|lat|longitude|latitude|year|month|weekday|id|objectid)$|_(?:no|id|number|code|year)$/iu;

/** The chart that suits a result best; nothing where there is nothing to draw. */
export function suggest(columns: readonly Column[]): Choice | undefined {
  const time = columns.findIndex(isTemporal);
  const number = columns.findIndex((column) => isNumeric(column) && !UNMEASURED.test(column.name));
  const words = columns.findIndex((column) => column.type === "text");
  if (time >= 0 && number >= 0) return { kind: "line", x: time, y: number };
  if (words >= 0) return { kind: "bar", x: words, y: number >= 0 ? number : null };
  const numeric = columns.flatMap((column, index) => (isNumeric(column) ? [index] : []));
  const [first, second] = numeric;
  if (first === undefined) return columns.length > 0 ? { kind: "bar", x: 0, y: null } : undefined;
  return second === undefined ? { kind: "histogram", x: first, y: null } : { kind: "line", x: first, y: second };
}

/** The number of a value, or `null` where it has none. */
function numberOf(value: unknown): number | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const number = value === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Milliseconds of a time without a zone as of UTC, which keeps its digits; others as they are. */
export function timeOf(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/u.test(value);
  const time = Date.parse(zoned || !value.includes("T") ? value : `${value}Z`);
  return Number.isNaN(time) ? null : time;
}

export interface Bars {
  readonly bars: readonly { readonly label: string; readonly value: number }[];
  /** Groups beyond the last bar. */
  readonly left: number;
  /** Rows without a number. */
  readonly skipped: number;
  /** Whether several rows went into a bar. */
  readonly summed: boolean;
}

export function bars(table: Table, x: number, y: number | null): Bars {
  const groups = new Map<string, number>();
  let skipped = 0;
  let rows = 0;
  for (let at = 0; at < table.size; at += 1) {
    const value = table.value(at, x);
    const height = y === null ? 1 : numberOf(table.value(at, y));
    if (height === null) {
      skipped += 1;
      continue;
    }
    rows += 1;
    const label = value === null ? "null" : visible(whole(value).slice(0, 80));
    groups.set(label, (groups.get(label) ?? 0) + height);
  }
  const all = [...groups].map(([label, value]) => ({ label, value }));
  // Counted groups have no order of their own; sums keep that of the rows.
  if (y === null) all.sort((a, b) => b.value - a.value);
  return { bars: all.slice(0, MOST_BARS), left: Math.max(0, all.length - MOST_BARS), skipped, summed: rows > all.length };
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

export function bins(table: Table, x: number): { bins: readonly Bin[]; skipped: number } {
  const values: number[] = [];
  for (let at = 0; at < table.size; at += 1) {
    const value = numberOf(table.value(at, x));
    if (value !== null) values.push(value);
  }
  const skipped = table.size - values.length;
  if (values.length === 0) return { bins: [], skipped };
  const [low, high] = extent(values);
  if (low === high) return { bins: [{ from: low, to: high, rows: values.length }], skipped };
  const step = stepOf((high - low) / Math.min(40, Math.max(5, Math.ceil(Math.sqrt(values.length)))));
  const first = Math.floor(low / step);
  const counts = new Array<number>(Math.floor(high / step) - first + 1).fill(0);
  for (const value of values) {
    const bin = Math.floor(value / step) - first;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const found = counts.map((rows, bin) => ({ from: (first + bin) * step, to: (first + bin + 1) * step, rows }));
  return { bins: found, skipped };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function points(table: Table, x: number, y: number): { points: readonly Point[]; skipped: number; thinned: number } {
  const column = table.columns[x];
  const placed = column && isTemporal(column) ? timeOf : numberOf;
  const found: Point[] = [];
  for (let at = 0; at < table.size; at += 1) {
    const across = placed(table.value(at, x));
    const up = numberOf(table.value(at, y));
    if (across !== null && up !== null) found.push({ x: across, y: up });
  }
  found.sort((a, b) => a.x - b.x);
  const kept = thin(found);
  return { points: kept, skipped: table.size - found.length, thinned: found.length - kept.length };
}

/** The lowest and highest point of each stretch, so that no peak gets lost. */
function thin(all: readonly Point[]): readonly Point[] {
  if (all.length <= MOST_POINTS) return all;
  const stretch = Math.ceil(all.length / (MOST_POINTS / 2));
  const kept: Point[] = [];
  for (let start = 0; start < all.length; start += stretch) {
    const part = all.slice(start, start + stretch);
    const low = part.reduce((a, b) => (b.y < a.y ? b : a));
    const high = part.reduce((a, b) => (b.y > a.y ? b : a));
    kept.push(...(low === high ? [low] : low.x <= high.x ? [low, high] : [high, low]));
  }
  return kept;
}

export function extent(values: readonly number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The round number (1, 2 or 5 times a power of ten) next above. */
export function stepOf(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

/** Round marks over a range. */
export function marks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const step = stepOf((high - low) / most);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STEPS = [HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY];

/** Marks of a range of time, and the text of each: hours and days while they are few, else months and years. */
export function timeMarks(low: number, high: number, most: number): { at: number; text: string }[] {
  const iso = (time: number): string => new Date(time).toISOString();
  const found: { at: number; text: string }[] = [];
  const step = STEPS.find((known) => (high - low) / known <= most);
  if (step !== undefined) {
    for (let at = Math.ceil(low / step) * step; at <= high; at += step) {
      found.push({ at, text: at % DAY === 0 ? iso(at).slice(0, 10) : iso(at).slice(11, 16) });
    }
    return found;
  }
  const rough = (high - low) / DAY / 30.44 / most;
  const months = [1, 3, 6].find((known) => rough <= known) ?? 12 * Math.ceil(stepOf(rough / 12));
  const start = new Date(low);
  for (let month = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months; ; month += months) {
    // Two-digit years would be taken for those of the last century.
    const at = new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    if (at > high) return found;
    if (at >= low) found.push({ at, text: months >= 12 ? iso(at).slice(0, 4) : iso(at).slice(0, 7) });
  }
}
