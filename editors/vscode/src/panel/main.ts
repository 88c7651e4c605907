// The results panel: a page that VS Code shows, and that any browser can show in a test. It gets
// results by messages, keeps the last few, and never fetches or evaluates anything.

import type { ExportFormat, FromPanel, ToPanel } from "../messages.ts";
import { ChartView } from "./chart.ts";
import { Details } from "./details.ts";
import { button, choice, make } from "./dom.ts";
import { completeness, facts } from "./footer.ts";
import { Grid } from "./grid.ts";
import { MapView } from "./map.ts";
import { sources } from "./shapes.ts";
import { Table, tabbed, type Rectangle } from "./table.ts";
import { brief, count, grouped, visible } from "./values.ts";

const host = acquireVsCodeApi();
const tell = (message: FromPanel): void => { host.postMessage(message); };

type View = "table" | "chart" | "map";

/** Most cells that are copied at once; more belongs into a file. */
const MOST_COPIED = 2_000_000;

class Panel {
  private readonly results: Table[] = [];
  private readonly views = new Map<number, View>();
  private keep = 5;
  private table: Table | undefined;
  private arriving: Table | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly picker = make("div", { class: "picker" });
  private readonly tabs = make("div", { class: "tabs", role: "tablist", "aria-label": "View" });
  private readonly text = make("input", {
    type: "search", placeholder: "Filter", "aria-label": "Filter rows", spellcheck: "false",
    title: "Rows that contain this text. In one column also: > 10, <= 5, != C1, = (empty), != (not empty)",
  });
  private readonly column = make("div", { class: "column" });
  private readonly count = make("span", { class: "count", role: "status" });
  private readonly exports = make("div", { class: "exports", role: "group", "aria-label": "Export the whole result" });
  private readonly bar = make("div", { class: "bar" });
  private readonly body = make("div", { class: "body" });
  private readonly foot = make("footer");
  private readonly busy = make("div", { class: "busy", role: "status", hidden: true });
  private readonly details = new Details((url) => { tell({ kind: "open", url }); }, (text, what) => { tell({ kind: "copy", text, what }); });
  private readonly grid = new Grid({
    sort: (column, more) => { this.sort(column, more); },
    copy: (area, header) => { this.copy(area, header); },
    details: (at, column) => { this.detail(at, column); },
    find: () => { this.text.focus(); this.text.select(); },
    moved: (at) => {
      const row = this.table?.source(at);
      if (row !== undefined) this.map.select(row);
    },
  });
  private readonly chart = new ChartView((svg, name) => { tell({ kind: "saveImage", svg, name }); });
  private readonly map = new MapView((row) => { this.showRow(row); });

  constructor() {
    this.bar.append(
      this.picker, this.tabs,
      make("div", { class: "filter", role: "search" }, this.text, this.column, this.count),
      make("span", { class: "space" }),
      button("Copy", "Copy the selected cells; with nothing selected but one cell, all rows shown", () => { this.copyShown(); }),
      this.exports,
    );
    this.text.addEventListener("input", () => { this.later(() => { this.filter(); }); });
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "ArrowDown") {
        event.preventDefault();
        this.filter();
        this.grid.element.focus();
      } else if (event.key === "Escape" && this.text.value !== "") {
        event.preventDefault();
        this.text.value = "";
        this.filter();
      }
    });
    document.body.append(this.busy, this.bar, this.body, this.foot, this.details.element);
    window.addEventListener("message", (event: MessageEvent<ToPanel>) => { this.receive(event.data); });
    this.show(undefined);
    tell({ kind: "ready" });
  }

  private receive(message: ToPanel): void {
    switch (message.kind) {
      case "begin":
        this.arriving = new Table(message.head);
        this.keep = message.keep;
        break;
      case "rows":
        if (this.arriving?.head.id === message.id) this.arriving.add(message.rows);
        break;
      case "end":
        if (this.arriving?.head.id === message.id) this.arrived(this.arriving, message.focus);
        break;
      case "busy":
        this.showBusy(message.text);
        break;
      case "failed":
        this.fail(message.title, message.message);
        break;
    }
  }

  private arrived(table: Table, focus: boolean): void {
    this.arriving = undefined;
    table.arrange();
    // A statement that runs again takes the place of its last result, and keeps its view.
    const old = this.results.findIndex((known) => known.head.title === table.head.title);
    const before = this.results[old];
    if (before) {
      const view = this.views.get(before.head.id);
      if (view) this.views.set(table.head.id, view);
      this.drop(old);
    }
    this.results.unshift(table);
    while (this.results.length > this.keep) this.drop(this.results.length - 1);
    this.show(table);
    if (focus) this.grid.element.focus();
  }

  private drop(index: number): void {
    const [dropped] = this.results.splice(index, 1);
    if (!dropped) return;
    this.views.delete(dropped.head.id);
    tell({ kind: "forget", id: dropped.head.id });
  }

  private show(table: Table | undefined): void {
    this.table = table;
    document.body.classList.toggle("nothing", table === undefined);
    if (!table) {
      this.body.replaceChildren(make("p", { class: "empty" },
        "Rows of a statement are shown here. Put the cursor into one and press Ctrl+Enter (Cmd+Enter)."));
      this.foot.replaceChildren();
      return;
    }
    this.drawPicker(table);
    this.text.value = table.filter.text;
    this.drawColumns(table);
    this.drawExports(table);
    this.drawFoot(table);
    this.grid.show(table);
    this.setView(this.views.get(table.head.id) ?? "table");
    this.drawCount(table);
  }

  private drawPicker(table: Table): void {
    const options = this.results.map((known) => [String(known.head.id), visible(known.head.title)] as const);
    this.picker.replaceChildren(
      options.length > 1
        ? choice("Result", options, String(table.head.id), (id) => {
          this.show(this.results.find((known) => String(known.head.id) === id));
        })
        : make("strong", { class: "title" }, visible(table.head.title)),
      button("↗", "Go to the statement", () => { tell({ kind: "reveal", id: table.head.id }); }),
    );
  }

  private drawColumns(table: Table): void {
    const options = [["", "all columns"] as const,
      ...table.columns.map((column, index) => [String(index), brief(column.name)] as const)];
    this.column.replaceChildren(choice("Column to filter", options,
      table.filter.column === null ? "" : String(table.filter.column), () => { this.filter(); }));
  }

  private drawExports(table: Table): void {
    const formats: [ExportFormat, string][] = [["csv", "CSV"], ["json", "JSON"]];
    if (sources(table.columns).some(({ source }) => "column" in source)) formats.push(["geojson", "GeoJSON"]);
    this.exports.replaceChildren(...formats.map(([format, name]) =>
      button(name, `Run the statement to its end and write every row to a ${name} file`, () => {
        tell({ kind: "export", id: table.head.id, format });
      })));
  }

  private drawFoot({ head }: Table): void {
    const whole = completeness(head);
    const items: Node[] = [make("span", { class: whole.kind }, whole.text)];
    for (const fact of facts(head)) items.push(make("span", { class: "fact" }, fact));
    for (const note of head.notes) items.push(make("span", { class: "warning" }, visible(note)));
    this.foot.replaceChildren(...items);
  }

  private drawCount(table: Table): void {
    this.count.textContent = table.size === table.rows.length
      ? count(table.size, "row", "rows")
      : `${grouped(table.size)} of ${count(table.rows.length, "row", "rows")}`;
  }

  private setView(wanted: View): void {
    const { table } = this;
    if (!table) return;
    const known: [View, string][] = [["table", "Table"], ["chart", "Chart"]];
    if (MapView.suits(table)) known.push(["map", "Map"]);
    const view = known.some(([name]) => name === wanted) ? wanted : "table";
    this.views.set(table.head.id, view);
    this.drawTabs(known, view);
    const element = { table: this.grid, chart: this.chart, map: this.map }[view].element;
    this.body.replaceChildren(element);
    if (view === "table") this.grid.refresh();
    else this[view].show(table);
  }

  private drawTabs(known: readonly (readonly [View, string])[], view: View): void {
    const focused = this.tabs.contains(document.activeElement);
    const select = (name: View): void => { this.setView(name); };
    this.tabs.replaceChildren(...known.map(([name, text], index) => {
      const tab = make("button", {
        type: "button", role: "tab", "aria-selected": name === view ? "true" : "false", tabindex: name === view ? 0 : -1,
      }, text);
      tab.addEventListener("click", () => { select(name); });
      tab.addEventListener("keydown", (event) => {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        const next = known[(index + step + known.length) % known.length];
        if (step !== 0 && next) select(next[0]);
      });
      return tab;
    }));
    if (focused) this.tabs.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  private later(action: () => void): void {
    clearTimeout(this.timer);
    // Many rows are filtered when typing pauses, few at once.
    this.timer = setTimeout(action, (this.table?.rows.length ?? 0) > 20_000 ? 150 : 0);
  }

  private filter(): void {
    const { table } = this;
    if (!table) return;
    const column = this.column.querySelector("select")?.value ?? "";
    table.filter = { text: this.text.value, column: column === "" ? null : Number(column) };
    this.rearranged(table);
    this.grid.go(0, this.grid.area.left, false);
  }

  private sort(column: number, more: boolean): void {
    const { table } = this;
    if (!table) return;
    table.toggleSort(column, more);
    this.rearranged(table);
  }

  private rearranged(table: Table): void {
    table.arrange();
    this.drawCount(table);
    const view = this.views.get(table.head.id);
    if (view === "chart" || view === "map") this[view].refresh();
    else this.grid.refresh();
  }

  private copy(area: Rectangle, header: boolean): void {
    const { table } = this;
    if (!table || table.size === 0) return;
    const rows = area.bottom - area.top + 1;
    const columns = area.right - area.left + 1;
    if (rows * columns > MOST_COPIED) {
      this.count.textContent = `more than ${grouped(MOST_COPIED)} cells: export them to a file`;
      return;
    }
    const what = rows * columns === 1 ? "the cell" : count(rows, "row", "rows");
    tell({ kind: "copy", text: tabbed(table, area, header), what });
  }

  private copyShown(): void {
    const { table } = this;
    if (!table) return;
    const { area } = this.grid;
    const single = area.top === area.bottom && area.left === area.right;
    this.copy(single ? { top: 0, bottom: table.size - 1, left: 0, right: table.columns.length - 1 } : area, true);
  }

  private detail(at: number, column: number): void {
    const { table } = this;
    const definition = table?.columns[column];
    if (!table || !definition) return;
    const row = table.row(at);
    if (row) this.details.open(definition, row[column] ?? null, () => { this.grid.element.focus(); });
  }

  private showRow(row: number): void {
    const at = this.table?.placeOf(row) ?? -1;
    if (at < 0) return;
    this.setView("table");
    this.grid.go(at, 0, false);
    this.grid.element.focus();
  }

  private showBusy(text: string | null): void {
    this.busy.hidden = text === null;
    if (text === null) this.busy.replaceChildren();
    else {
      this.busy.replaceChildren(make("span", { class: "spinner", "aria-hidden": "true" }), visible(text),
        button("Cancel", "Stop the request", () => { tell({ kind: "cancel" }); }));
    }
  }

  /** A failure stands above the last result, which stays. */
  private fail(title: string, message: string): void {
    this.busy.hidden = false;
    this.busy.replaceChildren(
      make("span", { class: "warning", role: "alert" }, `${visible(title)}: ${visible(message)}`),
      button("Close", "Close this message", () => { this.showBusy(null); }),
    );
  }
}

new Panel();
