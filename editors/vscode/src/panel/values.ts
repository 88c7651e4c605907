// What a value looks like, sorts as and is copied as. All of it comes from a portal and is text
// here, never markup; what a reader could not see or what would reorder a line is made visible.

import type { Column, Value } from "../protocol.ts";

const NUMERIC: ReadonlySet<string> = new Set(["number", "double", "money", "percent"]);
const TEMPORAL: ReadonlySet<string> = new Set(["fixed_timestamp", "floating_timestamp", "datestamp"]);
const GEOMETRIC: ReadonlySet<string> = new Set([
  "point", "multipoint", "line", "multiline", "polygon", "multipolygon", "location",
]);

export const isNumeric = (column: Column): boolean => NUMERIC.has(column.type);
export const isTemporal = (column: Column): boolean => TEMPORAL.has(column.type);
export const isGeometric = (column: Column): boolean => GEOMETRIC.has(column.type);

/** Longest text of a cell that is drawn; the whole is a key press away. */
const LONGEST = 300;

// Controls, zero-width characters and marks that change the direction of what follows.
// eslint-disable-next-line no-control-regex -- these are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function mark(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 10) return "↵";
  if (code === 9) return "⇥";
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** A text with everything invisible made visible, on one line. */
export function visible(text: string): string {
  return text.replace(UNSEEN, mark);
}

/** The same over several lines: line breaks and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === "\n" || character === "\t" ? character : mark(character));
}

/** The whole value as text, as it is copied. */
export function whole(value: Value): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What a cell shows. */
export function brief(value: Value): string {
  const text = typeof value === "object" && value !== null ? geometry(value) ?? whole(value) : whole(value);
  return visible(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/** A geometry in words, or nothing if the value is none. */
function geometry(value: object): string | undefined {
  if (!("type" in value) || !("coordinates" in value) || typeof value.type !== "string") return undefined;
  if (!Array.isArray(value.coordinates)) return undefined;
  if (value.type === "Point") {
    const numbers = value.coordinates.filter((item) => typeof item === "number");
    return `Point (${numbers.join(" ")})`;
  }
  const pairs = value.coordinates.flat(3).length / 2;
  return `${value.type}, ${count(Math.round(pairs), "vertex", "vertices")}`;
}

/** A function that gives what a column sorts by; `null` sorts behind everything. */
export function sortKey(column: Column): (value: Value) => number | string | null {
  if (isNumeric(column)) {
    return (value) => {
      if (value === null) return null;
      const number = Number(value);
      return Number.isNaN(number) ? null : number;
    };
  }
  return (value) => (value === null ? null : whole(value));
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Compares two keys of a column. */
export function comparison(column: Column): (a: number | string, b: number | string) => number {
  if (isNumeric(column)) return (a, b) => Number(a) - Number(b);
  if (isTemporal(column)) return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return (a, b) => collator.compare(String(a), String(b));
}

const integers = new Intl.NumberFormat("en");
const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

/** `1 row`, `1,000 rows`. */
export function count(number: number, one: string, many: string): string {
  return `${integers.format(number)} ${number === 1 ? one : many}`;
}

export const grouped = (number: number): string => integers.format(number);
export const short = (number: number): string => digits.format(number);

export function bytes(size: number): string {
  if (size < 1000) return count(size, "byte", "bytes");
  const units = ["kB", "MB", "GB"];
  let value = size / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit] ?? ""}`;
}

export function duration(milliseconds: number): string {
  return milliseconds < 1000
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
}
