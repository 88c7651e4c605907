// Charts as SVG: bars lying down, so that their names can be read, lines, and histograms.

import { button, choice, draw, make } from "./dom.ts";
import {
  MOST_BARS, bars, bins, extent, marks, points, suggest, suitable, timeMarks,
  type ChartKind, type Choice, type Point,
} from "./figures.ts";
import type { Table } from "./table.ts";
import { brief, count, grouped, isTemporal, short } from "./values.ts";

const PAD = { top: 16, right: 36, bottom: 44, left: 64 };
const BAR = 20;

interface Drawn {
  readonly svg: SVGElement;
  readonly notes: readonly string[];
}

export class ChartView {
  readonly element: HTMLElement;
  private readonly controls = make("div", { class: "controls", role: "group", "aria-label": "Chart" });
  private readonly stage = make("div", { class: "stage", tabindex: 0 });
  private readonly notes = make("p", { class: "notes", role: "status" });
  private readonly save: (svg: string, name: string) => void;
  private table: Table | undefined;
  private chosen: Choice | undefined;

  constructor(save: (svg: string, name: string) => void) {
    this.save = save;
    this.element = make("div", { class: "chart" }, this.controls, this.stage, this.notes);
    new ResizeObserver(() => { this.draw(); }).observe(this.stage);
  }

  show(table: Table): void {
    const same = this.table?.head.columns.map((column) => column.name).join() === table.columns.map((column) => column.name).join();
    this.table = table;
    if (!same || !this.chosen) this.chosen = suggest(table.columns);
    this.drawControls();
    this.draw();
  }

  /** Draws again, after the rows were filtered or sorted. */
  refresh(): void {
    this.draw();
  }

  private choose(change: Partial<Choice>): void {
    const { table, chosen } = this;
    if (!table || !chosen) return;
    let next: Choice = { ...chosen, ...change };
    const fits = suitable(next.kind, table.columns);
    if (!fits.x.includes(next.x)) next = { ...next, x: fits.x[0] ?? 0 };
    const needed = next.kind === "line";
    if (next.kind === "histogram") next = { ...next, y: null };
    else if (needed && (next.y === null || next.y === next.x)) {
      next = { ...next, y: fits.y.find((index) => index !== next.x) ?? next.x };
    }
    this.chosen = next;
    this.drawControls();
    this.draw();
  }

  private drawControls(): void {
    const { table, chosen } = this;
    if (!table || !chosen) {
      this.controls.replaceChildren();
      return;
    }
    const kinds = (["bar", "line", "histogram"] as const).filter((kind) => {
      const fits = suitable(kind, table.columns);
      return fits.x.length > 0 && (kind !== "line" || fits.y.length > 0);
    });
    const names: Record<ChartKind, string> = { bar: "Bars", line: "Line", histogram: "Histogram" };
    const fits = suitable(chosen.kind, table.columns);
    const option = (index: number): [string, string] => [String(index), brief(table.columns[index]?.name ?? "")];
    const controls: Node[] = [
      make("label", {}, "Chart ", choice("Kind of chart", kinds.map((kind) => [kind, names[kind]]), chosen.kind,
        (kind) => { this.choose({ kind: kinds.find((known) => known === kind) ?? "bar" }); })),
      make("label", {}, chosen.kind === "bar" ? "Each " : chosen.kind === "line" ? "Across " : "Of ",
        choice("Column across", fits.x.map(option), String(chosen.x), (x) => { this.choose({ x: Number(x) }); })),
    ];
    if (chosen.kind !== "histogram") {
      const heights = fits.y.map(option);
      if (chosen.kind === "bar") heights.unshift(["", "number of rows"]);
      controls.push(make("label", {}, "Height ", choice("Column of the height", heights,
        chosen.y === null ? "" : String(chosen.y), (y) => { this.choose({ y: y === "" ? null : Number(y) }); })));
    }
    controls.push(button("Save as SVG", "Save the chart as an SVG file", () => { this.keep(); }));
    // A control that was used keeps the focus when its like takes its place.
    const active = document.activeElement;
    const focused = this.controls.contains(active) ? active?.getAttribute("aria-label") : null;
    this.controls.replaceChildren(...controls);
    if (focused) this.controls.querySelector<HTMLElement>(`[aria-label="${focused}"]`)?.focus();
  }

  private draw(): void {
    const { table, chosen } = this;
    const width = this.stage.clientWidth;
    if (!table || width === 0) return;
    const drawn = chosen && this.drawn(table, chosen, width, this.stage.clientHeight);
    if (!drawn) {
      this.stage.replaceChildren(make("p", { class: "empty" }, "These columns hold nothing that can be drawn."));
      this.notes.textContent = "";
      return;
    }
    this.stage.replaceChildren(drawn.svg);
    this.notes.textContent = drawn.notes.join(" · ");
  }

  private drawn(table: Table, { kind, x, y }: Choice, width: number, height: number): Drawn | undefined {
    if (table.size === 0) return undefined;
    if (kind === "bar") return drawBars(table, x, y, width);
    if (kind === "histogram") return drawHistogram(table, x, width, height);
    return y === null ? undefined : drawLine(table, x, y, width, height);
  }

  /** Hands the drawing out with the colours of the theme written into it. */
  private keep(): void {
    const svg = this.stage.querySelector("svg");
    if (!svg) return;
    const copy = svg.cloneNode(true);
    if (!(copy instanceof SVGElement)) return;
    const here = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((node, index) => {
      const original = here[index];
      if (!original) return;
      const style = getComputedStyle(original);
      for (const name of ["fill", "stroke", "stroke-width", "font-family", "font-size", "text-anchor"]) {
        node.setAttribute(name, style.getPropertyValue(name));
      }
    });
    const background = getComputedStyle(document.body).backgroundColor;
    copy.prepend(draw("rect", { width: "100%", height: "100%", fill: background }));
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    this.save(copy.outerHTML, this.table?.head.title ?? "chart");
  }
}

function frame(width: number, height: number, label: string): SVGElement {
  return draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
}

function text(x: number, y: number, anchor: string, content: string, kind = ""): SVGElement {
  return draw("text", { x, y, "text-anchor": anchor, class: kind }, content);
}

function skippedNote(skipped: number): string[] {
  return skipped > 0 ? [`${count(skipped, "row", "rows")} without a number left out`] : [];
}

function drawBars(table: Table, x: number, y: number | null, width: number): Drawn | undefined {
  const found = bars(table, x, y);
  if (found.bars.length === 0) return undefined;
  const across = brief(table.columns[x]?.name ?? "");
  const up = y === null ? "number of rows" : `${found.summed ? "sum of " : ""}${brief(table.columns[y]?.name ?? "")}`;
  const longest = Math.max(...found.bars.map((bar) => bar.label.length));
  const left = Math.min(width * 0.45, 16 + longest * 6.6);
  const [low, high] = extent([0, ...found.bars.map((bar) => bar.value)]);
  const room = Math.max(60, width - left - 80);
  const place = (value: number): number => left + ((value - low) / (high - low || 1)) * room;
  const height = 34 + found.bars.length * BAR + 8;
  const svg = frame(width, height, `Bar chart: ${up} by ${across}, ${count(found.bars.length, "bar", "bars")}`);
  svg.append(text(left, 14, "start", `${up} by ${across}`, "title"));
  for (const mark of marks(low, high, Math.max(2, room / 90))) {
    svg.append(
      draw("line", { x1: place(mark), x2: place(mark), y1: 30, y2: height - 4, class: "rule" }),
      text(place(mark), 27, "middle", short(mark), "mark"),
    );
  }
  const letters = Math.max(4, Math.floor((left - 10) / 6.6));
  found.bars.forEach((bar, index) => {
    const top = 34 + index * BAR;
    const [from, to] = [place(Math.min(0, bar.value)), place(Math.max(0, bar.value))];
    const label = bar.label.length > letters ? `${bar.label.slice(0, letters - 1)}…` : bar.label;
    svg.append(draw("g", {},
      draw("title", {}, `${bar.label}: ${grouped(bar.value)}`),
      text(left - 6, top + 14, "end", label, "label"),
      draw("rect", { x: from, y: top + 3, width: Math.max(1, to - from), height: BAR - 6, class: "bar" }),
      text(to + 5, top + 14, "start", short(bar.value), "value"),
    ));
  });
  const notes = skippedNote(found.skipped);
  if (found.left > 0) notes.push(`the first ${MOST_BARS} of ${grouped(MOST_BARS + found.left)} groups`);
  if (found.summed && y !== null) notes.push("rows of the same group are added up");
  return { svg, notes };
}

/** The two axes around a plot, and where a value stands on them. */
function axes(svg: SVGElement, width: number, height: number, xs: [number, number], ys: [number, number]): {
  x: (value: number) => number;
  y: (value: number) => number;
} {
  const [left, right] = [PAD.left, width - PAD.right];
  const [top, bottom] = [PAD.top + 10, height - PAD.bottom];
  const x = (value: number): number => left + ((value - xs[0]) / (xs[1] - xs[0] || 1)) * (right - left);
  const y = (value: number): number => bottom - ((value - ys[0]) / (ys[1] - ys[0] || 1)) * (bottom - top);
  for (const mark of marks(ys[0], ys[1], Math.max(2, (bottom - top) / 44))) {
    svg.append(
      draw("line", { x1: left, x2: right, y1: y(mark), y2: y(mark), class: "rule" }),
      text(left - 7, y(mark) + 4, "end", short(mark), "mark"),
    );
  }
  svg.append(draw("line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "axis" }));
  return { x, y };
}

function drawHistogram(table: Table, column: number, width: number, roomy: number): Drawn | undefined {
  const found = bins(table, column);
  const [first, last] = [found.bins[0], found.bins.at(-1)];
  if (!first || !last) return undefined;
  const height = Math.max(200, roomy - 8);
  const name = brief(table.columns[column]?.name ?? "");
  const svg = frame(width, height, `Histogram of ${name}: ${count(found.bins.length, "bin", "bins")}`);
  svg.append(text(PAD.left, 14, "start", `rows by ${name}`, "title"));
  const to = first.from === last.to ? last.to + 1 : last.to;
  const { x, y } = axes(svg, width, height, [first.from, to], [0, Math.max(...found.bins.map((bin) => bin.rows))]);
  for (const bin of found.bins) {
    const end = bin.to === bin.from ? to : bin.to;
    svg.append(draw("rect", {
      x: x(bin.from) + 0.5, width: Math.max(1, x(end) - x(bin.from) - 1),
      y: y(bin.rows), height: y(0) - y(bin.rows), class: "bar",
    }, draw("title", {}, `${short(bin.from)} to ${short(bin.to)}: ${count(bin.rows, "row", "rows")}`)));
  }
  for (const mark of marks(first.from, to, Math.max(2, width / 90))) {
    svg.append(text(x(mark), height - PAD.bottom + 16, "middle", short(mark), "mark"));
  }
  svg.append(text(width / 2, height - 8, "middle", name, "mark"));
  return { svg, notes: skippedNote(found.skipped) };
}

function drawLine(table: Table, across: number, up: number, width: number, roomy: number): Drawn | undefined {
  const found = points(table, across, up);
  if (found.points.length === 0) return undefined;
  const height = Math.max(200, roomy - 8);
  const [xColumn, yColumn] = [table.columns[across], table.columns[up]];
  const title = `${brief(yColumn?.name ?? "")} by ${brief(xColumn?.name ?? "")}`;
  const svg = frame(width, height, `Line chart: ${title}, ${count(found.points.length, "point", "points")}`);
  svg.append(text(PAD.left, 14, "start", title, "title"));
  const xs = extent(found.points.map((point) => point.x));
  const [low, high] = extent(found.points.map((point) => point.y));
  // A line that begins far above zero would look flat from there.
  const ys: [number, number] = low > 0 && low / high < 0.7 ? [0, high] : low === high ? [low - 1, high + 1] : [low, high];
  const { x, y } = axes(svg, width, height, xs, ys);
  const most = Math.max(2, width / 100);
  const below = height - PAD.bottom + 16;
  if (xColumn && isTemporal(xColumn)) {
    for (const mark of timeMarks(xs[0], xs[1], most)) svg.append(text(x(mark.at), below, "middle", mark.text, "mark"));
  } else {
    for (const mark of marks(xs[0], xs[1], most)) svg.append(text(x(mark), below, "middle", short(mark), "mark"));
  }
  svg.append(draw("path", { d: path(found.points, x, y), class: "line" }));
  if (found.points.length <= 120) {
    for (const point of found.points) {
      const where = xColumn && isTemporal(xColumn) ? new Date(point.x).toISOString().slice(0, 16).replace("T", " ") : short(point.x);
      svg.append(draw("circle", { cx: x(point.x), cy: y(point.y), r: 3, class: "dot" },
        draw("title", {}, `${where}: ${grouped(point.y)}`)));
    }
  }
  svg.append(text(width / 2, height - 8, "middle", brief(xColumn?.name ?? ""), "mark"));
  const notes = skippedNote(found.skipped);
  if (found.thinned > 0) notes.push(`lowest and highest points of ${grouped(found.points.length + found.thinned)}`);
  return { svg, notes };
}

function path(all: readonly Point[], x: (value: number) => number, y: (value: number) => number): string {
  return all.map((point, index) => `${index === 0 ? "M" : "L"}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join("");
}
