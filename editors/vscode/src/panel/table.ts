// The rows of a result in the order and selection that the reader chose. The rows themselves are
// never moved: an array of their numbers is.

import type { ResultHead } from "../messages.ts";
import type { Column, Row, Value } from "../protocol.ts";
import { comparison, isNumeric, sortKey, whole } from "./values.ts";

export interface Sort {
  readonly column: number;
  readonly descending: boolean;
}

export interface Filter {
  readonly text: string;
  /** The column that is looked at; all of them without it. */
  readonly column: number | null;
}

export class Table {
  readonly head: ResultHead;
  readonly rows: Row[] = [];
  sorts: readonly Sort[] = [];
  filter: Filter = { text: "", column: null };
  private order: Uint32Array = new Uint32Array(0);

  constructor(head: ResultHead) {
    this.head = head;
  }

  get columns(): readonly Column[] {
    return this.head.columns;
  }

  /** Rows that are shown. */
  get size(): number {
    return this.order.length;
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) this.rows.push(row);
  }

  /** The number in the result of the row that is shown at a place. */
  source(at: number): number | undefined {
    return this.order[at];
  }

  row(at: number): Row | undefined {
    const source = this.order[at];
    return source === undefined ? undefined : this.rows[source];
  }

  /** Where a row of the result is shown. */
  placeOf(source: number): number {
    return this.order.indexOf(source);
  }

  value(at: number, column: number): Value {
    return this.row(at)?.[column] ?? null;
  }

  /** Sorts by a column: ascending, descending, not at all; `more` keeps the other columns. */
  toggleSort(column: number, more: boolean): void {
    const old = this.sorts.find((sort) => sort.column === column);
    const others = more ? this.sorts.filter((sort) => sort.column !== column) : [];
    if (!old) this.sorts = [...others, { column, descending: false }];
    else if (!old.descending) this.sorts = [...others, { column, descending: true }];
    else this.sorts = others;
  }

  /** Filters and sorts anew. */
  arrange(): void {
    const kept = this.kept();
    const levels = this.sorts.map((sort) => this.level(sort, kept));
    if (levels.length > 0) {
      kept.sort((a, b) => {
        for (const level of levels) {
          const order = level(a, b);
          if (order !== 0) return order;
        }
        return a - b;
      });
    }
    this.order = Uint32Array.from(kept);
  }

  private kept(): number[] {
    const test = matcher(this.filter, this.columns);
    const kept: number[] = [];
    this.rows.forEach((row, index) => {
      if (!test || test(row)) kept.push(index);
    });
    return kept;
  }

  private level(sort: Sort, kept: readonly number[]): (a: number, b: number) => number {
    const column = this.columns[sort.column];
    if (!column) return () => 0;
    const key = sortKey(column);
    const compare = comparison(column);
    const keys: (number | string | null)[] = [];
    for (const index of kept) keys[index] = key(this.rows[index]?.[sort.column] ?? null);
    const sign = sort.descending ? -1 : 1;
    return (a, b) => {
      const left = keys[a] ?? null;
      const right = keys[b] ?? null;
      if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
      return sign * compare(left, right);
    };
  }
}

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** What a filter asks of a row; nothing if it asks nothing. */
export function matcher(filter: Filter, columns: readonly Column[]): ((row: Row) => boolean) | undefined {
  const text = filter.text.trim();
  if (text === "") return undefined;
  const { column } = filter;
  const needle = text.toLowerCase();
  if (column === null) {
    return (row) => row.some((value) => value !== null && whole(value).toLowerCase().includes(needle));
  }
  const compared = columns[column] && comparing(text, columns[column]);
  if (compared) return (row) => compared(row[column] ?? null);
  return (row) => whole(row[column] ?? null).toLowerCase().includes(needle);
}

/** `> 10`, `!= C1`: an operator and a value of the column's type. */
function comparing(text: string, column: Column): ((value: Value) => boolean) | undefined {
  const parts = /^(=|!=|<=?|>=?)\s*(.*)$/u.exec(text);
  const holds = OPERATORS[parts?.[1] ?? ""];
  const wanted = parts?.[2];
  if (!holds || wanted === undefined) return undefined;
  if (wanted === "") {
    // Alone, the two ask for what is missing and for what is there.
    if (parts?.[1] === "=") return (value) => value === null;
    return parts?.[1] === "!=" ? (value) => value !== null : undefined;
  }
  const limit = isNumeric(column) ? Number(wanted) : wanted;
  if (Number.isNaN(limit)) return () => false;
  const key = sortKey(column);
  const compare = comparison(column);
  return (value) => {
    const found = key(value);
    return found !== null && holds(compare(found, limit));
  };
}

export interface Rectangle {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** A rectangle of cells as lines of tab-separated text, as spreadsheets paste it. */
export function tabbed(table: Table, area: Rectangle, header: boolean): string {
  const lines: string[] = [];
  const names = table.columns.slice(area.left, area.right + 1).map((column) => quoted(column.name));
  if (header) lines.push(names.join("\t"));
  for (let at = area.top; at <= area.bottom; at += 1) {
    const cells: string[] = [];
    for (let column = area.left; column <= area.right; column += 1) {
      cells.push(quoted(whole(table.value(at, column))));
    }
    lines.push(cells.join("\t"));
  }
  return lines.join("\n");
}

function quoted(text: string): string {
  return /[\t\n\r"]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
