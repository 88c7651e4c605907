// The table: an ARIA grid that holds elements for the visible cells alone, however many rows there
// are. The grid itself has the keyboard focus and names its active cell (`aria-activedescendant`),
// since the element of a cell is used for another one as soon as it is scrolled away.

import { make, set } from "./dom.ts";
import type { Rectangle, Table } from "./table.ts";
import { brief, isNumeric } from "./values.ts";

export const ROW = 24;
const HEAD = 38;
const NARROWEST = 48;
const WIDEST = 900;
/** Rows drawn beyond what is visible, so that scrolling does not show gaps. */
const MARGIN = 8;

export interface GridEvents {
  sort(column: number, more: boolean): void;
  copy(area: Rectangle, header: boolean): void;
  details(at: number, column: number): void;
  find(): void;
  moved(at: number): void;
}

interface Line {
  readonly element: HTMLElement;
  readonly number: HTMLElement;
  readonly cells: HTMLElement[];
}

export class Grid {
  readonly element: HTMLElement;
  private readonly canvas: HTMLElement;
  private readonly head: Line;
  private readonly lines: Line[] = [];
  private readonly events: GridEvents;
  private table: Table | undefined;
  private widths: number[] = [];
  private lefts: number[] = [];
  private gutter = 48;
  /** The active cell: row -1 is the header. */
  private at = 0;
  private column = 0;
  /** The other corner of the selection. */
  private anchor = { at: 0, column: 0 };
  private asked = false;

  constructor(events: GridEvents) {
    this.events = events;
    this.head = this.line("columnheader");
    this.head.element.classList.add("head");
    this.canvas = make("div", { class: "canvas", role: "presentation" }, this.head.element);
    this.element = make("div", {
      class: "grid", role: "grid", tabindex: 0, "aria-label": "Rows", "aria-multiselectable": "true",
    }, this.canvas);
    this.element.addEventListener("scroll", () => { this.ask(); }, { passive: true });
    this.element.addEventListener("keydown", (event) => { this.key(event); });
    // Where the system's own menu takes the key, only this event arrives.
    document.addEventListener("copy", (event) => {
      if (document.activeElement !== this.element) return;
      event.preventDefault();
      this.events.copy(this.area, false);
    });
    this.element.addEventListener("pointerdown", (event) => { this.press(event); });
    this.element.addEventListener("dblclick", () => {
      if (this.at >= 0) this.events.details(this.at, this.column);
    });
    new ResizeObserver(() => { this.ask(); }).observe(this.element);
  }

  /** Shows a table from its beginning. */
  show(table: Table): void {
    this.table = table;
    this.gutter = 22 + 8 * String(table.rows.length).length;
    this.widths = table.columns.map((column, index) => {
      let longest = Math.max(column.name.length + 3, column.type.length + 2);
      for (let at = 0; at < Math.min(60, table.rows.length); at += 1) {
        longest = Math.max(longest, brief(table.rows[at]?.[index] ?? null).length);
      }
      return Math.min(320, Math.max(72, 20 + longest * 7.4));
    });
    this.go(0, 0, false);
    this.element.scrollTo(0, 0);
    this.refresh();
  }

  /** Draws again after the rows were sorted, filtered or added to. */
  refresh(): void {
    const size = this.table?.size ?? 0;
    this.at = Math.min(this.at, size - 1);
    this.anchor.at = Math.min(this.anchor.at, size - 1);
    let left = this.gutter;
    this.lefts = this.widths.map((width) => {
      const start = left;
      left += width;
      return start;
    });
    this.canvas.style.width = `${left}px`;
    this.canvas.style.setProperty("--gutter", `${this.gutter}px`);
    this.canvas.style.height = `${HEAD + size * ROW}px`;
    set(this.element, { "aria-rowcount": size + 1, "aria-colcount": this.widths.length });
    this.draw();
  }

  /** Moves to a cell and makes it visible. */
  go(at: number, column: number, extend: boolean): void {
    const size = this.table?.size ?? 0;
    this.at = Math.max(-1, Math.min(size - 1, at));
    this.column = Math.max(0, Math.min(this.widths.length - 1, column));
    if (!extend) this.anchor = { at: this.at, column: this.column };
    this.reveal();
    this.draw();
    this.events.moved(this.at);
  }

  get area(): Rectangle {
    const top = Math.max(0, Math.min(this.at, this.anchor.at));
    return {
      top,
      bottom: Math.max(top, this.at, this.anchor.at),
      left: Math.min(this.column, this.anchor.column),
      right: Math.max(this.column, this.anchor.column),
    };
  }

  private ask(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.draw();
    });
  }

  private line(role: string): Line {
    const number = make("div", { class: "number", role: "presentation" });
    const element = make("div", { class: "row", role: "row" }, number);
    element.dataset.role = role;
    return { element, number, cells: [] };
  }

  /** The columns that are visible, first and behind the last. */
  private span(): [number, number] {
    const start = this.element.scrollLeft + this.gutter;
    const end = this.element.scrollLeft + this.element.clientWidth;
    let first = 0;
    while (first < this.lefts.length - 1 && (this.lefts[first + 1] ?? 0) <= start) first += 1;
    let last = first;
    while (last < this.lefts.length && (this.lefts[last] ?? 0) < end) last += 1;
    return [first, last];
  }

  private draw(): void {
    const { table } = this;
    if (!table) return;
    const [first, last] = this.span();
    const area = this.area;
    this.drawHead(table, first, last);
    const top = Math.max(0, Math.floor(this.element.scrollTop / ROW) - MARGIN);
    const room = Math.ceil(this.element.clientHeight / ROW) + 2 * MARGIN;
    const shown = Math.max(0, Math.min(room, table.size - top));
    while (this.lines.length < shown) {
      const line = this.line("gridcell");
      this.lines.push(line);
      this.canvas.append(line.element);
    }
    for (const line of this.lines.splice(Math.max(shown, room))) line.element.remove();
    this.lines.forEach((line, index) => {
      line.element.hidden = index >= shown;
      if (index < shown) this.drawRow(table, line, top + index, first, last, area);
    });
    const active = this.canvas.querySelector(".active");
    set(this.element, { "aria-activedescendant": active ? active.id : null });
  }

  private drawHead(table: Table, first: number, last: number): void {
    set(this.head.element, { "aria-rowindex": 1 });
    this.head.number.textContent = "";
    this.cells(this.head, first, last, (cell, index) => {
      const column = table.columns[index];
      if (!column) return;
      const rank = table.sorts.findIndex((sort) => sort.column === index);
      const sort = table.sorts[rank];
      const order = sort ? (sort.descending ? "descending" : "ascending") : null;
      const arrow = sort ? `${sort.descending ? "▼" : "▲"}${table.sorts.length > 1 ? String(rank + 1) : ""}` : "";
      const label = column.label && column.label !== column.name ? `${column.label}\n` : "";
      const text = `${column.name}\u0000${column.type}\u0000${arrow}`;
      if (cell.dataset.text !== text) {
        cell.dataset.text = text;
        cell.replaceChildren(
          make("span", { class: "name" }, brief(column.name)),
          make("span", { class: "arrow", "aria-hidden": "true" }, arrow),
          make("span", { class: "type" }, column.type),
          make("span", { class: "handle", "aria-hidden": "true" }),
        );
        cell.title = `${label}${column.name}: ${column.type}\nEnter or click sorts, Shift adds a column, Alt+Left and Alt+Right change the width`;
      }
      set(cell, { "aria-sort": order, id: `h${index}` });
      cell.className = `cell${isNumeric(column) ? " right" : ""}${this.at === -1 && this.column === index ? " active" : ""}`;
    });
  }

  private drawRow(table: Table, line: Line, at: number, first: number, last: number, area: Rectangle): void {
    line.element.style.transform = `translateY(${HEAD + at * ROW}px)`;
    line.element.classList.toggle("odd", at % 2 === 1);
    set(line.element, { "aria-rowindex": at + 2 });
    line.number.textContent = String((table.source(at) ?? 0) + 1);
    const inRows = at >= area.top && at <= area.bottom && this.at >= 0;
    this.cells(line, first, last, (cell, index) => {
      const column = table.columns[index];
      const value = table.value(at, index);
      const text = value === null ? "null" : brief(value);
      if (cell.textContent !== text) cell.textContent = text;
      const active = this.at === at && this.column === index;
      const selected = inRows && index >= area.left && index <= area.right;
      cell.className = `cell${column && isNumeric(column) ? " right" : ""}${value === null ? " null" : ""}`
        + `${selected ? " selected" : ""}${active ? " active" : ""}`;
      set(cell, { id: `c${at}-${index}`, "aria-selected": selected ? "true" : "false" });
    });
  }

  /** Gives a line one cell for each visible column. */
  private cells(line: Line, first: number, last: number, fill: (cell: HTMLElement, index: number) => void): void {
    const wanted = Math.max(0, last - first);
    while (line.cells.length < wanted) {
      const cell = make("div", { role: line.element.dataset.role ?? "gridcell" });
      line.cells.push(cell);
      line.element.append(cell);
    }
    for (const cell of line.cells.splice(wanted)) cell.remove();
    line.cells.forEach((cell, offset) => {
      const index = first + offset;
      cell.style.left = `${this.lefts[index] ?? 0}px`;
      cell.style.width = `${this.widths[index] ?? 0}px`;
      set(cell, { "aria-colindex": index + 1 });
      fill(cell, index);
    });
  }

  private reveal(): void {
    const { element } = this;
    const top = this.at * ROW;
    const room = element.clientHeight - HEAD;
    if (this.at >= 0) {
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + ROW > element.scrollTop + room) element.scrollTop = top + ROW - room;
    }
    const left = (this.lefts[this.column] ?? 0) - this.gutter;
    const width = this.widths[this.column] ?? 0;
    const across = element.clientWidth - this.gutter;
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (left + width > element.scrollLeft + across) {
      element.scrollLeft = Math.min(left, left + width - across);
    }
  }

  private key(event: KeyboardEvent): void {
    const { table } = this;
    if (!table) return;
    if (!this.keyOfCommand(event) && !this.keyOfMove(event, table)) return;
    event.preventDefault();
    // The editor around the page listens as well, and has uses of its own for many keys.
    event.stopPropagation();
  }

  private keyOfMove(event: KeyboardEvent, table: Table): boolean {
    const page = Math.max(1, Math.floor((this.element.clientHeight - HEAD) / ROW) - 1);
    const jump = event.ctrlKey || event.metaKey;
    if (event.altKey) return false;
    const moves: Record<string, () => [number, number]> = {
      ArrowUp: () => [jump ? 0 : this.at - 1, this.column],
      ArrowDown: () => [jump ? table.size - 1 : this.at + 1, this.column],
      ArrowLeft: () => [this.at, jump ? 0 : this.column - 1],
      ArrowRight: () => [this.at, jump ? this.widths.length - 1 : this.column + 1],
      PageUp: () => [Math.max(0, this.at - page), this.column],
      PageDown: () => [this.at + page, this.column],
      Home: () => [jump ? 0 : this.at, 0],
      End: () => [jump ? table.size - 1 : this.at, this.widths.length - 1],
    };
    const move = moves[event.key];
    if (!move) return false;
    const [at, column] = move();
    this.go(event.shiftKey ? Math.max(0, at) : at, column, event.shiftKey);
    return true;
  }

  private keyOfCommand(event: KeyboardEvent): boolean {
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key === "a") this.selectAll();
    else if (command && key === "c") this.events.copy(this.area, event.shiftKey);
    else if ((command && key === "f") || event.key === "/") this.events.find();
    else if (event.altKey && key === "arrowleft") this.resize(this.column, -24);
    else if (event.altKey && key === "arrowright") this.resize(this.column, 24);
    else if (key === "enter" || key === " ") {
      if (this.at === -1) this.events.sort(this.column, event.shiftKey);
      else this.events.details(this.at, this.column);
    } else if (key === "f2" && this.at >= 0) this.events.details(this.at, this.column);
    else return false;
    return true;
  }

  selectAll(): void {
    this.anchor = { at: 0, column: 0 };
    this.at = (this.table?.size ?? 0) - 1;
    this.column = this.widths.length - 1;
    this.draw();
  }

  private resize(column: number, by: number): void {
    this.widths[column] = Math.max(NARROWEST, Math.min(WIDEST, (this.widths[column] ?? 0) + by));
    this.refresh();
  }

  private press(event: PointerEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    const cell = target?.closest(".cell");
    const row = cell?.parentElement;
    if (!cell || !row || event.button !== 0) return;
    const column = Number(cell.getAttribute("aria-colindex")) - 1;
    const at = Number(row.getAttribute("aria-rowindex")) - 2;
    if (target?.classList.contains("handle")) {
      event.preventDefault();
      this.drag(event, (move) => { this.resize(column, move.movementX); });
      return;
    }
    if (at < 0) {
      this.go(-1, column, false);
      this.events.sort(column, event.shiftKey);
      return;
    }
    this.go(at, column, event.shiftKey);
    this.drag(event, (move) => {
      const place = document.elementFromPoint(move.clientX, move.clientY)?.closest(".cell");
      const line = place?.parentElement;
      if (!place || !line?.classList.contains("row") || line === this.head.element) return;
      this.go(Number(line.getAttribute("aria-rowindex")) - 2, Number(place.getAttribute("aria-colindex")) - 1, true);
    });
  }

  private drag(start: PointerEvent, moved: (event: PointerEvent) => void): void {
    const move = (event: PointerEvent): void => { if (event.pointerId === start.pointerId) moved(event); };
    const end = (): void => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  }
}
