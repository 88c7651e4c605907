// The parts of the results panel that need no browser: order, filters, copies, figures, places.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bars, bins, marks, points, stepOf, suggest, suitable, timeMarks, timeOf } from "../../src/panel/figures.ts";
import { completeness, facts } from "../../src/panel/footer.ts";
import { inside, latitudeOf, project, shapes, sources } from "../../src/panel/shapes.ts";
import { Table, tabbed } from "../../src/panel/table.ts";
import { brief, bytes, count, duration, visible, visibleLines, whole } from "../../src/panel/values.ts";
import type { Column, Row } from "../../src/protocol.ts";
import { head } from "../panel/harness.ts";

function table(columns: readonly Column[], rows: readonly Row[]): Table {
  const made = new Table(head(1, columns, rows.length));
  made.add(rows);
  made.arrange();
  return made;
}

const COLUMNS: readonly Column[] = [{ name: "name", type: "text" }, { name: "n", type: "number" }, { name: "day", type: "floating_timestamp" }];
const ROWS: readonly Row[] = [
  ["b", "10", "2025-01-02T00:00:00.000"], ["a", "9", "2025-01-01T00:00:00.000"], [null, null, null], ["item 10", "-1.5", "2024-12-31T23:00:00.000"],
  ["item 9", "9007199254740993", "2025-01-01T12:00:00.000"],
];
const column = (shown: Table, index: number): unknown[] => Array.from({ length: shown.size }, (_, at) => shown.value(at, index));

test("columns sort by what they hold, and what is missing comes last both ways", () => {
  const shown = table(COLUMNS, ROWS);
  shown.toggleSort(1, false);
  shown.arrange();
  assert.deepEqual(column(shown, 1), ["-1.5", "9", "10", "9007199254740993", null]);
  shown.toggleSort(1, false);
  shown.arrange();
  assert.deepEqual(column(shown, 1), ["9007199254740993", "10", "9", "-1.5", null]);
  shown.toggleSort(1, false);
  shown.arrange();
  assert.deepEqual(column(shown, 0), ROWS.map((row) => row[0]), "the third time as it came");
  shown.toggleSort(0, false);
  shown.arrange();
  assert.deepEqual(column(shown, 0), ["a", "b", "item 9", "item 10", null]);
});

test("a second column decides between equals, and the rest keeps its order", () => {
  const shown = table([{ name: "a", type: "text" }, { name: "b", type: "number" }], [["x", "1"], ["y", "2"], ["x", "2"], ["y", "2"]]);
  shown.toggleSort(0, false);
  shown.toggleSort(1, true);
  shown.toggleSort(1, true);
  shown.arrange();
  assert.deepEqual([0, 1, 2, 3].map((at) => shown.source(at)), [2, 0, 1, 3]);
});

test("filters: text anywhere, or a comparison in one column", () => {
  const shown = table(COLUMNS, ROWS);
  const filtered = (text: string, index: number | null): unknown[] => {
    shown.filter = { text, column: index };
    shown.arrange();
    return column(shown, 0);
  };
  assert.deepEqual(filtered("ITEM", null), ["item 10", "item 9"]);
  assert.deepEqual(filtered("2025-01-01", null), ["a", "item 9"]);
  assert.deepEqual(filtered("> 9", 1), ["b", "item 9"]);
  assert.deepEqual(filtered("<= 9", 1), ["a", "item 10"]);
  assert.deepEqual(filtered("!= a", 0), ["b", "item 10", "item 9"]);
  assert.deepEqual(filtered("=", 1), [null]);
  assert.deepEqual(filtered("!=", 1), ["b", "a", "item 10", "item 9"]);
  assert.deepEqual(filtered("< 2025-01-01", 2), ["item 10"]);
  assert.deepEqual(filtered("> abc", 1), []);
  assert.deepEqual(filtered("> 9", null), [], "in all columns it is text");
  assert.equal(filtered("  ", null).length, 5);
});

test("copies are tab-separated, with quotes where spreadsheets need them", () => {
  const shown = table(COLUMNS, [["a\tb", "1", null], ['say "x"', "2", "2025-01-01"]]);
  assert.equal(tabbed(shown, { top: 0, bottom: 1, left: 0, right: 2 }, true),
    'name\tn\tday\n"a\tb"\t1\t\n"say ""x"""\t2\t2025-01-01');
});

test("values are shown with everything visible, and copied whole", () => {
  assert.equal(visible("a\u001b[0m\u202eb\u00adc"), "a⟨U+001B⟩[0m⟨U+202E⟩b⟨U+00AD⟩c");
  assert.equal(visibleLines("a\nb\tc\r"), "a\nb\tc⟨U+000D⟩");
  assert.equal(brief({ type: "Point", coordinates: [-121.29, 37.95] }), "Point (-121.29 37.95)");
  assert.equal(brief({ type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] }), "Polygon, 4 vertices");
  assert.equal(brief({ type: "Point", coordinates: "\u001b" }), '{"type":"Point","coordinates":"\\u001b"}');
  assert.equal(whole({ url: "x" }), '{"url":"x"}');
  assert.equal(brief(true), "true");
  assert.deepEqual([count(1, "row", "rows"), count(1234, "row", "rows")], ["1 row", "1,234 rows"]);
  assert.deepEqual([bytes(999), bytes(18_233), bytes(123_456_789)], ["999 bytes", "18.2 kB", "123 MB"]);
  assert.deepEqual([duration(412.4), duration(2345), duration(61_000)], ["412 ms", "2.3 s", "61 s"]);
});

test("the footer never calls a part the whole", () => {
  const of = (change: object): string => completeness(head(1, COLUMNS, 1000, change)).text;
  assert.equal(of({}), "1,000 rows, all there are");
  assert.match(of({ end: "cut", limit: 1000 }), /CUT.*1,000.*more may exist/u);
  assert.match(of({ end: "more", maxRows: 1000 }), /MORE EXIST/u);
  assert.deepEqual(facts(head(1, COLUMNS, 1, { asOf: "\u001b", licence: null })),
    ["412 ms", "18.2 kB", "data as of ⟨U+001B⟩", "source: City of Stockton"]);
});

test("charts suit their columns", () => {
  assert.deepEqual(suggest(COLUMNS), { kind: "line", x: 2, y: 1 });
  assert.deepEqual(suggest([{ name: "beat", type: "text" }, { name: "call_no", type: "number" }]), { kind: "bar", x: 0, y: null });
  assert.deepEqual(suggest([{ name: "n", type: "number" }]), { kind: "histogram", x: 0, y: null });
  assert.equal(suggest([]), undefined);
  assert.deepEqual(suitable("line", COLUMNS), { x: [1, 2], y: [1] });
});

test("bars add up groups and say so; what has no number is counted", () => {
  const shown = table(COLUMNS, [["a", "1", null], ["b", "2", null], ["a", "3", null], [null, "4", null], ["c", null, null]]);
  assert.deepEqual(bars(shown, 0, 1), {
    bars: [{ label: "a", value: 4 }, { label: "b", value: 2 }, { label: "null", value: 4 }], left: 0, skipped: 1, summed: true,
  });
  assert.deepEqual(bars(shown, 0, null).bars[0], { label: "a", value: 2 });
  const many = table([{ name: "k", type: "text" }], Array.from({ length: 500 }, (_, index) => [`k${index}`]));
  assert.deepEqual([bars(many, 0, null).bars.length, bars(many, 0, null).left], [200, 300]);
});

test("a histogram counts every number once", () => {
  const values = Array.from({ length: 1000 }, (_, index): Row => ["x", String((index * 7) % 100), null]);
  const found = bins(table(COLUMNS, [...values, ["x", null, null], ["x", "", null]]), 1);
  assert.equal(found.skipped, 2);
  assert.equal(found.bins.reduce((sum, bin) => sum + bin.rows, 0), 1000);
  assert.deepEqual(bins(table(COLUMNS, [["x", "5", null], ["x", "5", null]]), 1).bins, [{ from: 5, to: 5, rows: 2 }]);
  assert.deepEqual(bins(table(COLUMNS, []), 1).bins, []);
});

test("lines are in order, and thinning keeps peaks", () => {
  const rows = Array.from({ length: 50_000 }, (_, index): Row => ["x", String(index === 31_000 ? 1e6 : index % 10), new Date(index * 60_000).toISOString()]);
  const found = points(table(COLUMNS, rows.reverse()), 2, 1);
  assert.ok(found.points.length <= 2002 && found.thinned > 40_000);
  assert.ok(found.points.some((point) => point.y === 1e6));
  assert.ok(found.points.every((point, index) => index === 0 || point.x >= (found.points[index - 1]?.x ?? 0)));
});

test("marks are round numbers within the range", () => {
  assert.deepEqual(marks(0, 100, 5), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(marks(-0.3, 0.3, 4).map((mark) => Math.round(mark * 10) / 10), [-0.2, 0, 0.2]);
  assert.deepEqual(marks(7, 7, 5), [7]);
  assert.equal(stepOf(0.03), 0.05);
  const year = timeMarks(Date.UTC(2024, 0, 1), Date.UTC(2025, 11, 31), 8);
  assert.deepEqual(year.map(({ text }) => text), ["2024-01", "2024-04", "2024-07", "2024-10", "2025-01", "2025-04", "2025-07", "2025-10"]);
  const day = timeMarks(Date.UTC(2025, 0, 1), Date.UTC(2025, 0, 2), 8);
  assert.ok(day.length >= 3 && day.length <= 9, JSON.stringify(day));
  assert.equal(day[0]?.text, "2025-01-01");
  const month = timeMarks(Date.UTC(2025, 0, 3), Date.UTC(2025, 0, 30), 6);
  assert.ok(month.length >= 3 && month.every(({ text }) => text.startsWith("2025-01")), JSON.stringify(month));
  const decades = timeMarks(Date.UTC(1900, 0, 1), Date.UTC(2020, 0, 1), 6);
  assert.ok(decades.length >= 3 && decades.length <= 7, JSON.stringify(decades));
});

test("times without a zone keep their digits", () => {
  assert.equal(timeOf("2025-01-01T00:00:00.000"), Date.UTC(2025, 0, 1));
  assert.equal(timeOf("2025-01-01T00:00:00+02:00"), Date.UTC(2024, 11, 31, 22));
  assert.equal(timeOf("2025-01-01"), Date.UTC(2025, 0, 1));
  assert.equal(timeOf("soon"), null);
});

test("places are read from geometries, locations and pairs of columns", () => {
  const geometry: Column[] = [{ name: "g", type: "multipolygon" }, { name: "longitude", type: "number" }, { name: "latitude", type: "number" }];
  assert.deepEqual(sources(geometry).map(({ name }) => name), ["g", "longitude, latitude"]);
  assert.deepEqual(sources([{ name: "x", type: "text" }]), []);
  const square = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]], [[0.5, 0.5], [1.5, 0.5], [1.5, 1.5], [0.5, 0.5]]];
  const found = shapes(table(geometry, [
    [{ type: "Polygon", coordinates: square }, null, null], [{ type: "Point", coordinates: [0, 0] }, null, null],
    [{ type: "Point", coordinates: [181, 0] }, null, null], [{ type: "LineString", coordinates: [] }, null, null],
    [{ type: "Sphere", coordinates: [1, 2] }, null, null], [{ latitude: "37.9", longitude: "-121.3" }, null, null], [null, null, null],
  ]), { column: 0 });
  assert.deepEqual(found.shapes.map(({ row, kind }) => [row, kind]), [[0, "area"], [5, "point"]]);
  assert.deepEqual([found.missing, found.nowhere], [4, 1]);
  const pairs = shapes(table(geometry, [[null, "-121.3", "37.9"], [null, "0", "0"], [null, "", "1"], [null, "200", "1"]]), { longitude: 1, latitude: 2 });
  assert.deepEqual([pairs.shapes.length, pairs.missing, pairs.nowhere], [1, 2, 1]);
});

test("a hole is outside, and the projection has an inverse", () => {
  const ring = (...places: [number, number][]): Float64Array => Float64Array.from(places.flat());
  const parts = [ring([0, 0], [4, 0], [4, 4], [0, 4], [0, 0]), ring([1, 1], [3, 1], [3, 3], [1, 3], [1, 1])];
  assert.ok(inside(parts, 0.5, 0.5) && !inside(parts, 2, 2) && !inside(parts, 5, 5));
  for (const latitude of [-80, -1, 0, 37.95, 85]) assert.ok(Math.abs(latitudeOf(project(0, latitude)[1]) - latitude) < 1e-9);
});
