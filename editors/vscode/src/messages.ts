// What the extension and the results panel say to each other. Rows come in parts, so that neither
// side is busy for long with one message.

import type { Column, End, Row } from "./protocol.ts";

/** What is known of a result beside its rows. */
export interface ResultHead {
  readonly id: number;
  /** The statement's name, or the file and line it is at. */
  readonly title: string;
  readonly columns: readonly Column[];
  readonly total: number;
  readonly end: End;
  readonly limit: number | null;
  readonly maxRows: number;
  readonly notes: readonly string[];
  readonly tookMs: number;
  readonly bytes: number;
  readonly asOf: string | null;
  readonly licence: string | null;
  readonly attribution: string | null;
}

export type ToPanel =
  | { readonly kind: "begin"; readonly head: ResultHead; readonly keep: number }
  | { readonly kind: "rows"; readonly id: number; readonly rows: readonly Row[] }
  | { readonly kind: "end"; readonly id: number; readonly focus: boolean }
  | { readonly kind: "busy"; readonly text: string | null }
  | { readonly kind: "failed"; readonly title: string; readonly message: string };

export type ExportFormat = "csv" | "json" | "geojson";

export type FromPanel =
  | { readonly kind: "ready" }
  | { readonly kind: "copy"; readonly text: string; readonly what: string }
  | { readonly kind: "export"; readonly id: number; readonly format: ExportFormat }
  | { readonly kind: "saveImage"; readonly svg: string; readonly name: string }
  | { readonly kind: "reveal"; readonly id: number }
  | { readonly kind: "open"; readonly url: string }
  | { readonly kind: "forget"; readonly id: number }
  | { readonly kind: "cancel" };

/** Rows of one message. */
export const PART = 20_000;
