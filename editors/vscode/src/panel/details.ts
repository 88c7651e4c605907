// One value as a whole: what does not fit into a cell.

import type { Column, Value } from "../protocol.ts";
import { button, make } from "./dom.ts";
import { visible, visibleLines, whole } from "./values.ts";

/** Longest text that is laid out. */
const LONGEST = 200_000;

export class Details {
  readonly element: HTMLDialogElement;
  private readonly open_: (url: string) => void;
  private readonly copy: (text: string, what: string) => void;

  constructor(open: (url: string) => void, copy: (text: string, what: string) => void) {
    this.open_ = open;
    this.copy = copy;
    this.element = make("dialog", { class: "details", "aria-labelledby": "details-name" });
  }

  open(column: Column, value: Value, closed: () => void): void {
    const text = whole(value);
    const shown = typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : text;
    const address = addressOf(value);
    const close = button("Close", "Close (Escape)", () => { this.element.close(); });
    const actions = make("div", { class: "actions" }, button("Copy", "Copy the value", () => { this.copy(text, "the value"); }));
    if (address) actions.append(button("Open Link", `Open ${address}`, () => { this.open_(address); }));
    actions.append(close);
    const body = make("pre", { tabindex: 0, "aria-label": "Value" }, value === null ? "null" : visibleLines(shown.slice(0, LONGEST)));
    if (value === null) body.classList.add("null");
    this.element.replaceChildren(
      make("h2", { id: "details-name" }, visible(column.name), make("span", { class: "type" }, column.type)),
      body, actions,
    );
    if (shown.length > LONGEST) actions.prepend(make("span", { class: "warning" }, "only the beginning is shown; Copy takes all"));
    this.element.addEventListener("close", closed, { once: true });
    this.element.showModal();
    close.focus();
  }
}

/** The address in a value, if it is a web address: the editor asks before it opens one. */
export function addressOf(value: Value): string | undefined {
  const text = typeof value === "object" && value !== null && "url" in value ? value.url : value;
  if (typeof text !== "string" || !/^https?:\/\//iu.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).href;
}
