// A map without a background: the result's own geometries, a net of degrees and a scale. No tiles
// are fetched, so looking at a result tells nobody which places it has.

import { button, choice, make } from "./dom.ts";
import { marks } from "./figures.ts";
import { inside, latitudeOf, project, shapes, sources, type Found, type Shape, type Source } from "./shapes.ts";
import type { Table } from "./table.ts";
import { brief, count, short } from "./values.ts";

/** The scale of a map, in pixels, and what is at its middle. */
interface View {
  x: number;
  y: number;
  scale: number;
}

const MOST_ZOOM = 4e6;
const EDGE = 28;
const KILOMETRES_OF_DEGREE = 111.32;

export class MapView {
  readonly element: HTMLElement;
  private readonly canvas = make("canvas", { tabindex: 0, role: "application", "aria-roledescription": "map" });
  private readonly controls = make("div", { class: "controls", role: "group", "aria-label": "Map" });
  private readonly notes = make("p", { class: "notes", role: "status" });
  private readonly chosen: (row: number) => void;
  private table: Table | undefined;
  private source: Source | undefined;
  private found: Found = { shapes: [], missing: 0, nowhere: 0 };
  private view: View = { x: 0, y: 0, scale: 1 };
  private current = -1;
  private asked = false;

  constructor(chosen: (row: number) => void) {
    this.chosen = chosen;
    const stage = make("div", { class: "stage" }, this.canvas);
    this.element = make("div", { class: "map" }, this.controls, stage, this.notes);
    this.canvas.addEventListener("keydown", (event) => {
      if (!this.key(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
    }, { passive: false });
    this.canvas.addEventListener("pointerdown", (event) => { this.press(event); });
    new ResizeObserver(() => { this.fit(); }).observe(stage);
  }

  static suits(table: Table): boolean {
    return sources(table.columns).length > 0;
  }

  show(table: Table): void {
    const known = sources(table.columns);
    this.table = table;
    this.source = known[0]?.source;
    this.controls.replaceChildren(
      ...(known.length > 1
        ? [make("label", {}, "Places ", choice("Column of the places", known.map(({ name }, index) => [String(index), brief(name)]), "0",
          (index) => {
            this.source = known[Number(index)]?.source;
            this.refresh();
          }))]
        : []),
      button("+", "Closer (+)", () => { this.zoom(1.5); }),
      button("−", "Farther (-)", () => { this.zoom(1 / 1.5); }),
      button("Fit", "Show everything (0)", () => { this.fit(); }),
    );
    this.refresh();
  }

  refresh(): void {
    const { table, source } = this;
    this.found = table && source ? shapes(table, source) : { shapes: [], missing: 0, nowhere: 0 };
    this.current = -1;
    this.canvas.setAttribute("aria-label",
      `Map of ${count(this.found.shapes.length, "place", "places")}. Arrows move, + and - zoom, 0 shows everything, N and P go from place to place, Enter shows the row.`);
    this.say();
    this.fit();
  }

  /** Marks the place of a row. */
  select(row: number): void {
    const index = this.found.shapes.findIndex((shape) => shape.row === row);
    if (index !== this.current) {
      this.current = index;
      this.ask();
    }
  }

  private say(text?: string): void {
    const notes = text === undefined ? [] : [text];
    const { missing, nowhere } = this.found;
    if (missing > 0) notes.push(`${count(missing, "row", "rows")} without a place`);
    if (nowhere > 0) notes.push(`${count(nowhere, "row", "rows")} at 0°, 0° left out`);
    notes.push("no background is fetched");
    this.notes.textContent = notes.join(" · ");
  }

  private size(): [number, number] {
    return [this.canvas.clientWidth, this.canvas.clientHeight];
  }

  private fit(): void {
    const [width, height] = this.size();
    if (width === 0) return;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { box } of this.found.shapes) {
      left = Math.min(left, box[0]);
      top = Math.min(top, box[1]);
      right = Math.max(right, box[2]);
      bottom = Math.max(bottom, box[3]);
    }
    if (left > right) [left, top, right, bottom] = [-180, -90, 180, 90];
    const scale = Math.min((width - 2 * EDGE) / (right - left || 1e-9), (height - 2 * EDGE) / (bottom - top || 1e-9));
    this.view = { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(scale, MOST_ZOOM / 40) };
    this.ask();
  }

  private zoom(factor: number, atX?: number, atY?: number): void {
    const [width, height] = this.size();
    const [dx, dy] = [(atX ?? width / 2) - width / 2, (atY ?? height / 2) - height / 2];
    const old = this.view;
    const scale = Math.max(0.5, Math.min(MOST_ZOOM, old.scale * factor));
    this.view = { x: old.x + dx / old.scale - dx / scale, y: old.y + dy / old.scale - dy / scale, scale };
    this.ask();
  }

  private pan(dx: number, dy: number): void {
    this.view = { ...this.view, x: this.view.x - dx / this.view.scale, y: this.view.y - dy / this.view.scale };
    this.ask();
  }

  private key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => { this.pan(60, 0); },
      ArrowRight: () => { this.pan(-60, 0); },
      ArrowUp: () => { this.pan(0, 60); },
      ArrowDown: () => { this.pan(0, -60); },
      "+": () => { this.zoom(1.5); },
      "=": () => { this.zoom(1.5); },
      "-": () => { this.zoom(1 / 1.5); },
      "0": () => { this.fit(); },
      n: () => { this.step(1); },
      p: () => { this.step(-1); },
      Enter: () => {
        const shape = this.found.shapes[this.current];
        if (shape) this.chosen(shape.row);
      },
    };
    const action = actions[event.key];
    action?.();
    return action !== undefined;
  }

  private step(by: number): void {
    const all = this.found.shapes.length;
    if (all === 0) return;
    this.pick((this.current + by + all) % all);
    const shape = this.found.shapes[this.current];
    if (shape) {
      const [left, top, right, bottom] = shape.box;
      this.view = { ...this.view, x: (left + right) / 2, y: (top + bottom) / 2 };
    }
    this.ask();
  }

  private pick(index: number): void {
    this.current = index;
    const shape = this.found.shapes[index];
    this.say(shape ? `row ${shape.row + 1}: ${this.describe(shape)}` : undefined);
    this.ask();
  }

  /** The first values of a row that are no places. */
  private describe(shape: Shape): string {
    const { table } = this;
    const row = table?.rows[shape.row];
    if (!table || !row) return "";
    const told = table.columns
      .map((column, index) => [column.name, row[index] ?? null] as const)
      .filter(([, value]) => value !== null && typeof value !== "object");
    return told.slice(0, 4).map(([name, value]) => `${brief(name)} ${brief(value)}`).join(", ");
  }

  private press(start: PointerEvent): void {
    if (start.button !== 0) return;
    let moved = 0;
    const move = (event: PointerEvent): void => {
      moved += Math.abs(event.movementX) + Math.abs(event.movementY);
      this.pan(event.movementX, event.movementY);
    };
    const end = (): void => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      if (moved < 4) this.pick(this.hit(start.offsetX, start.offsetY));
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
  }

  private hit(offsetX: number, offsetY: number): number {
    const [width, height] = this.size();
    const x = this.view.x + (offsetX - width / 2) / this.view.scale;
    const y = this.view.y + (offsetY - height / 2) / this.view.scale;
    let nearest = -1;
    let distance = 8 / this.view.scale;
    this.found.shapes.forEach((shape, index) => {
      if (shape.kind === "area") return;
      for (const part of shape.parts) {
        for (let at = 0; at < part.length; at += 2) {
          const away = Math.hypot((part[at] ?? 0) - x, (part[at + 1] ?? 0) - y);
          if (away < distance) [nearest, distance] = [index, away];
        }
      }
    });
    return nearest >= 0 ? nearest
      : this.found.shapes.findIndex((shape) => shape.kind === "area" && inside(shape.parts, x, y));
  }

  private ask(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.draw();
    });
  }

  private draw(): void {
    const [width, height] = this.size();
    const pen = this.canvas.getContext("2d");
    if (!pen || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(this.element);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    pen.font = `11px ${style.fontFamily}`;
    this.drawNet(pen, width, height, colour);
    pen.lineJoin = "round";
    this.found.shapes.forEach((shape) => { this.drawShape(pen, width, height, shape, colour("mark"), 1); });
    const current = this.found.shapes[this.current];
    if (current) this.drawShape(pen, width, height, current, colour("picked"), 2);
    this.drawScale(pen, width, height, colour);
  }

  private drawShape(pen: CanvasRenderingContext2D, width: number, height: number, shape: Shape, colour: string, weight: number): void {
    const { x, y, scale } = this.view;
    const [left, top, right, bottom] = shape.box;
    const [reachX, reachY] = [width / 2 / scale + 8 / scale, height / 2 / scale + 8 / scale];
    if (right < x - reachX || left > x + reachX || bottom < y - reachY || top > y + reachY) return;
    const across = (value: number): number => (value - x) * scale + width / 2;
    const down = (value: number): number => (value - y) * scale + height / 2;
    pen.fillStyle = colour;
    pen.strokeStyle = colour;
    pen.lineWidth = weight;
    if (shape.kind === "point") {
      const size = 2.5 + weight;
      pen.globalAlpha = weight > 1 ? 1 : 0.65;
      for (const part of shape.parts) {
        for (let at = 0; at < part.length; at += 2) {
          pen.beginPath();
          pen.arc(across(part[at] ?? 0), down(part[at + 1] ?? 0), size, 0, 2 * Math.PI);
          pen.fill();
        }
      }
      pen.globalAlpha = 1;
      return;
    }
    pen.beginPath();
    for (const part of shape.parts) {
      for (let at = 0; at < part.length; at += 2) {
        const [px, py] = [across(part[at] ?? 0), down(part[at + 1] ?? 0)];
        if (at === 0) pen.moveTo(px, py);
        else pen.lineTo(px, py);
      }
      if (shape.kind === "area") pen.closePath();
    }
    if (shape.kind === "area") {
      pen.globalAlpha = weight > 1 ? 0.45 : 0.18;
      pen.fill("evenodd");
      pen.globalAlpha = 1;
    }
    pen.stroke();
  }

  private drawNet(pen: CanvasRenderingContext2D, width: number, height: number, colour: (name: string) => string): void {
    const { x, y, scale } = this.view;
    const [west, east] = [x - width / 2 / scale, x + width / 2 / scale];
    const [north, south] = [latitudeOf(y - height / 2 / scale), latitudeOf(y + height / 2 / scale)];
    pen.strokeStyle = colour("rule");
    pen.fillStyle = colour("quiet");
    pen.lineWidth = 1;
    pen.textAlign = "center";
    for (const longitude of marks(Math.max(-180, west), Math.min(180, east), width / 120)) {
      const at = Math.round((longitude - x) * scale + width / 2) + 0.5;
      line(pen, at, 0, at, height - 16);
      pen.fillText(`${short(Math.abs(longitude))}°${longitude < 0 ? " W" : longitude > 0 ? " E" : ""}`, at, height - 4);
    }
    pen.textAlign = "left";
    for (const latitude of marks(south, north, height / 80)) {
      const at = Math.round((project(0, latitude)[1] - y) * scale + height / 2) + 0.5;
      line(pen, 0, at, width, at);
      pen.fillText(`${short(Math.abs(latitude))}°${latitude < 0 ? " S" : latitude > 0 ? " N" : ""}`, 4, at - 4);
    }
  }

  private drawScale(pen: CanvasRenderingContext2D, width: number, height: number, colour: (name: string) => string): void {
    const kilometres = Math.cos(latitudeOf(this.view.y) * (Math.PI / 180)) * KILOMETRES_OF_DEGREE / this.view.scale;
    const length = marks(0, kilometres * 110, 1.2).at(-1) ?? 0;
    const pixels = length / kilometres;
    if (!(pixels > 10)) return;
    const [right, at] = [width - 12, height - 26];
    pen.strokeStyle = colour("text");
    pen.fillStyle = colour("text");
    pen.lineWidth = 1.5;
    line(pen, right - pixels, at, right, at);
    line(pen, right - pixels, at - 4, right - pixels, at + 4);
    line(pen, right, at - 4, right, at + 4);
    pen.textAlign = "center";
    pen.fillText(length >= 1 ? `${short(length)} km` : `${short(length * 1000)} m`, right - pixels / 2, at - 6);
  }
}

function line(pen: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}
