// What a reader must know before believing the rows: how many, whether there are more, how fresh,
// and whose they are.

import type { ResultHead } from "../messages.ts";
import { bytes, count, duration, grouped, visible } from "./values.ts";

export interface Line {
  readonly kind: "plain" | "warning";
  readonly text: string;
}

/** Whether the result is all there is. */
export function completeness(head: ResultHead): Line {
  const rows = count(head.total, "row", "rows");
  if (head.end === "whole") return { kind: "plain", text: `${rows}, all there are` };
  if (head.end === "cut") {
    const limit = head.limit ?? head.total;
    return {
      kind: "warning",
      text: `${rows}, CUT: the statement has no limit, so the portal stopped at ${grouped(limit)}; more may exist (\`limit all\` gets them)`,
    };
  }
  return {
    kind: "warning",
    text: `${rows}, MORE EXIST: the panel stops at ${grouped(head.maxRows)} (setting tule.maxRows); an export has them all`,
  };
}

/** The facts of the footer, in order; those that are unknown are left out. */
export function facts(head: ResultHead): readonly string[] {
  const found = [duration(head.tookMs), bytes(head.bytes)];
  if (head.asOf) found.push(`data as of ${visible(head.asOf)}`);
  if (head.licence) found.push(`licence: ${visible(head.licence)}`);
  if (head.attribution) found.push(`source: ${visible(head.attribution)}`);
  return found;
}
