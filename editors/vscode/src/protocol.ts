// The requests of the language server that the protocol itself does not have. `docs/lsp.md` of the
// project is the contract; nothing here knows VS Code, so that tests and the panel can use it.

/** Where a statement is: its document and a place in it. */
export interface Place {
  readonly uri: string;
  readonly position: Position;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** What is asked about the statement at a place. */
export interface StatementParams {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

/** Values of parameters by name, as text. */
export type Values = Readonly<Record<string, string>>;

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly default: string | null;
  readonly required: boolean;
}

export interface DatasetRef {
  readonly name: string;
  readonly host: string;
  readonly id: string;
}

/** `tule/statement`. */
export interface Statement {
  readonly range: Range;
  readonly name: string | null;
  readonly errors: number;
  readonly parameters: readonly Parameter[];
  readonly datasets: readonly DatasetRef[];
  readonly remote: boolean;
}

/** `tule/compile`, as far as it is used here. */
export interface Compiled {
  readonly url: string;
  readonly curl: string;
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly label?: string | null;
}

/** A value: numbers are text, geometries and `json` are JSON. */
export type Value = null | boolean | string | number | readonly unknown[] | { readonly [key: string]: unknown };

export type Row = readonly Value[];

/** How a result ended: complete, cut by the portal, or stopped at `maxRows`. */
export type End = "whole" | "cut" | "more";

/** `tule/run`. */
export interface RunResult {
  readonly name: string | null;
  readonly range: Range;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly total: number;
  readonly end: End;
  readonly limit: number | null;
  readonly notes: readonly string[];
  readonly tookMs: number;
  readonly bytes: number;
  readonly asOf: string | null;
  readonly licence: string | null;
  readonly attribution: string | null;
}

/** `tule/export`. */
export interface Exported {
  readonly rows: number;
  readonly bytes: number;
  readonly end: End;
}

export interface CardColumn extends Column {
  readonly description?: string | null;
  readonly values?: readonly unknown[] | null;
}

/** `tule/card`. */
export interface Card extends DatasetRef {
  readonly title: string;
  readonly url: string | null;
  readonly markdown: string;
  readonly columns: readonly CardColumn[];
  readonly lockedAt: string | null;
  readonly rows: number | null;
  readonly updatedAt: string | null;
  readonly licence: string | null;
  readonly attribution: string | null;
  readonly owner: string | null;
}

export interface DatasetEntry extends Omit<DatasetRef, "name"> {
  readonly name: string | null;
  readonly title: string | null;
  readonly locked: boolean;
  readonly kind: string | null;
  readonly rows: number | null;
  readonly updatedAt: string | null;
}

/** `tule/datasets`. */
export interface Datasets {
  readonly datasets: readonly DatasetEntry[];
  readonly offline: boolean;
}

/** `tule/import`. */
export interface Imported {
  readonly statement: string;
  readonly notes: readonly string[];
}

/** `tule/status`. */
export interface Status {
  readonly project: string | null;
  readonly portals: readonly string[];
  readonly lockedAt: string | null;
  readonly datasets: number;
  readonly offline: boolean;
  readonly busy: string | null;
}

/** The `data` of an error answer. */
export interface Fault {
  readonly code?: string;
  readonly range?: Range;
}
