// The results panel in a real browser, under the policy that it has in VS Code: many rows, hostile
// rows, the keyboard alone, and both themes.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { PART, type FromPanel } from "../../src/messages.ts";
import type { Row } from "../../src/protocol.ts";
import { browserPath, CALL_COLUMNS, calls, file, head, launch, open, result, type Shown, type Theme } from "./harness.ts";

const path = browserPath();
const options = { skip: path === undefined ? "no Chromium" : false };
const pictures = process.env["TULE_SCREENSHOTS"] ?? file("screenshots");
let browser: Browser;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  if (path !== undefined) browser = await launch(path);
});
after(async () => {
  if (path !== undefined) await browser.close();
});

/** A panel with calls, which are made where they are shown: sending them there takes a minute. */
async function opened(size: number, theme: Theme = "dark", change = {}): Promise<Shown> {
  const shown = await open(browser, theme);
  const [begin, ...end] = result(head(1, CALL_COLUMNS, size, change), []);
  if (begin) await shown.send(begin);
  await shown.page.evaluate(({ make, size: all, part }) => {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- our own function, carried over
    const build = new Function("size", `return (${make})(size)`) as (size: number) => unknown[];
    const rows = build(all);
    for (let at = 0; at < all; at += part) window.postMessage({ kind: "rows", id: 1, rows: rows.slice(at, at + part) }, "*");
  }, { make: calls.toString(), size, part: PART });
  await shown.send(...end);
  await shown.page.waitForSelector(".grid .row[aria-rowindex='2']");
  return shown;
}

async function closed({ page, faults }: Shown): Promise<void> {
  assert.deepEqual(faults, [], "no error, nothing refused by the policy, nothing asked for");
  await page.close();
}

/** The element that the grid names as its active one. */
const active = (page: Page): Promise<{ text: string | null; row: string | null; visible: boolean }> => page.evaluate(() => {
  const grid = document.querySelector(".grid");
  const cell = document.getElementById(grid?.getAttribute("aria-activedescendant") ?? "");
  const [outer, inner] = [grid?.getBoundingClientRect(), cell?.getBoundingClientRect()];
  return {
    text: cell?.textContent ?? null,
    row: cell?.parentElement?.getAttribute("aria-rowindex") ?? null,
    visible: outer !== undefined && inner !== undefined && inner.bottom <= outer.bottom + 1 && inner.top >= outer.top,
  };
});

async function copies(shown: Shown): Promise<Extract<FromPanel, { kind: "copy" }>[]> {
  return (await shown.said()).filter((message) => message.kind === "copy");
}

test("100,000 rows scroll, and the page stays small", options, async () => {
  const size = 100_000;
  const shown = await opened(size);
  const { page } = shown;
  assert.equal(await page.getAttribute(".grid", "aria-rowcount"), String(size + 1));
  // Frames are counted rather than timed: each step must have drawn the rows that it reaches.
  const walk = await page.evaluate(async () => {
    const grid = document.querySelector(".grid");
    if (!grid) throw new Error("no grid");
    const frame = (): Promise<unknown> => new Promise((resolve) => { requestAnimationFrame(resolve); });
    let most = 0;
    let gaps = 0;
    const steps = 120;
    for (let step = 0; step <= steps; step += 1) {
      grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * (step / steps);
      await frame();
      await frame();
      most = Math.max(most, document.querySelectorAll("*").length);
      const first = Math.floor(grid.scrollTop / 24);
      const drawn = new Set([...document.querySelectorAll(".row:not([hidden])")].map((row) => Number(row.getAttribute("aria-rowindex"))));
      const last = Math.min(100_000, first + Math.floor((grid.clientHeight - 38) / 24));
      for (let row = first; row < last; row += 1) if (!drawn.has(row + 2)) gaps += 1;
    }
    return { most, gaps, text: grid.textContent };
  });
  assert.equal(walk.gaps, 0, "rows that were visible and not drawn");
  assert.ok(walk.most < 1200, `${walk.most} elements`);
  assert.match(walk.text, /1099999/u, "the last row is reached");
  await page.focus(".grid");
  await page.keyboard.press("Control+End");
  assert.deepEqual(await active(page), { text: "v99999-12", row: "100001", visible: true });
  await page.keyboard.press("Control+Home");
  assert.deepEqual(await active(page), { text: "1000000", row: "2", visible: true });
  await closed(shown);
});

test("a row is told from its neighbours when sorted, filtered and copied", options, async () => {
  const shown = await opened(30_000);
  const { page } = shown;
  await page.click(".head .cell:has-text('minutes')");
  await page.click(".head .cell:has-text('minutes')");
  assert.equal(await page.getAttribute("[role=columnheader]:has-text('minutes')", "aria-sort"), "descending");
  assert.equal(await page.textContent(".row[aria-rowindex='2'] [aria-colindex='5']"), "239");
  await page.keyboard.press("Control+ArrowDown");
  assert.equal(await page.textContent(".row[aria-rowindex='30001'] [aria-colindex='5']"), "null", "what is missing comes last");
  await page.selectOption("[aria-label='Column to filter']", { label: "minutes" });
  await page.fill("input[type=search]", ">= 238");
  await page.waitForFunction(() => /^\d[\d,]* of 30,000 rows$/u.test(document.querySelector(".count")?.textContent ?? ""));
  const count = await page.textContent(".count");
  assert.equal(count, `${calls(30_000).filter((row) => Number(row[4]) >= 238).length} of 30,000 rows`);
  await page.fill("input[type=search]", "nothing like this");
  await page.waitForFunction(() => document.querySelector(".count")?.textContent === "0 of 30,000 rows");
  await page.fill("input[type=search]", "");
  await page.waitForFunction(() => document.querySelector(".count")?.textContent === "30,000 rows");
  await closed(shown);
});

test("everything is reached with the keyboard alone", options, async () => {
  const shown = await opened(500);
  const { page } = shown;
  const seen: string[] = [];
  for (let press = 0; press < 20; press += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const { activeElement: element } = document;
      const style = element && getComputedStyle(element);
      const ring = style?.outlineStyle !== "none" && style?.outlineWidth !== "0px";
      return element === document.body ? "" : `${element?.getAttribute("aria-label") ?? element?.textContent ?? ""}${ring ? "" : " (no ring)"}`;
    });
    if (name === "") break;
    seen.push(name);
  }
  assert.deepEqual(seen, ["↗", "Table", "Filter rows", "Column to filter", "Copy", "CSV", "JSON", "Rows"]);
  await page.focus(".grid");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
  assert.deepEqual(await active(page), { text: "C1", row: "4", visible: true });
  for (const key of ["Shift+ArrowDown", "Shift+ArrowRight", "Control+c"]) await page.keyboard.press(key);
  const copied = (await copies(shown)).at(-1);
  assert.equal(copied?.text, "C1\t2025-03-14T00:00:00.000\nC2\t2025-10-19T00:00:00.000");
  // Up to the header: Enter sorts there, on a cell it opens the value.
  await page.keyboard.press("Control+ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute("[role=columnheader][aria-sort]", "aria-sort"), "ascending");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await page.textContent("dialog pre"), "2024-01-01T00:00:00.000");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "grid", "the focus comes back");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Filter rows");
  await page.keyboard.type("C2");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "grid");
  assert.match(await page.textContent(".count") ?? "", /^\d+ of 500 rows$/u);
  // The views are tabs: arrows go between them.
  await page.focus("[role=tab][aria-selected=true]");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(".chart svg");
  await page.keyboard.press("ArrowRight");
  await page.focus(".map canvas");
  await page.keyboard.press("n");
  assert.match(await page.textContent(".map .notes") ?? "", /^row \d+: call_no \d+/u);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "grid", "a place leads to its row");
  await closed(shown);
});

const HOSTILE = [
  "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "\u001b[31mred\u001b[0m\u0007", "a\u202egnp.exe",
  "=HYPERLINK(\"http://evil.example\")", "line\nbreak\ttab", "javascript:alert(1)", "</div></body>", "\u0000\u200bnul",
  "&lt;b&gt; &amp;", "'\"`", "x".repeat(100_000),
] as const;

test("hostile values are text, everywhere", options, async () => {
  const shown = await open(browser, "dark");
  const { page } = shown;
  const columns = [{ name: HOSTILE[0], type: "text", label: HOSTILE[1] }, { name: "\u001b[2Jn", type: "number" }];
  const rows: Row[] = HOSTILE.map((text, index) => [text, String(index)]);
  const hostile = head(1, columns, rows.length, {
    title: HOSTILE[0], licence: HOSTILE[1], attribution: HOSTILE[2], asOf: HOSTILE[0], notes: [HOSTILE[0], HOSTILE[3]],
  });
  await shown.send(...result(hostile, rows));
  await page.waitForSelector(".grid .row[aria-rowindex='2']");
  const cell = (row: number): Promise<string | null> => page.textContent(`.row[aria-rowindex='${row + 2}'] [aria-colindex='1']`);
  assert.equal(await cell(0), HOSTILE[0]);
  assert.equal(await cell(2), "⟨U+001B⟩[31mred⟨U+001B⟩[0m⟨U+0007⟩");
  assert.equal(await cell(3), "a⟨U+202E⟩gnp.exe");
  assert.equal(await cell(5), "line↵break⇥tab");
  assert.equal(await cell(8), "⟨U+0000⟩⟨U+200B⟩nul");
  assert.equal((await cell(11))?.length, 301, "the whole of a long value is behind a key");
  await page.focus(".grid");
  for (let row = 0; row < rows.length; row += 1) {
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("dialog button:has-text('Open Link')").count(), 0, "no link in these");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowDown");
  }
  await page.click("[role=tab]:has-text('Chart')");
  await page.waitForSelector(".chart svg");
  await shown.send({ kind: "failed", title: HOSTILE[0], message: HOSTILE[1] });
  await page.waitForSelector("[role=alert]");
  await page.screenshot({ path: `${pictures}/hostile.png` });
  assert.equal(await page.locator("img, body script:not([src]), iframe, a").count(), 0, "nothing was parsed");
  assert.notEqual(await page.evaluate(() => window.alerted), true);
  const seen = await page.evaluate(() => document.body.innerText);
  // eslint-disable-next-line no-control-regex -- exactly these must not be there
  assert.doesNotMatch(seen, /[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/u);
  await closed(shown);
});

test("what is copied is the value, and only web addresses are links", options, async () => {
  const shown = await open(browser, "light");
  const { page } = shown;
  const rows: Row[] = [["a\tb\n\"c\""], [{ url: "https://a.example/x y", description: "d" }], ["http://user@b.example/"], [null]];
  await shown.send(...result(head(1, [{ name: "v", type: "text" }], rows.length), rows));
  await page.waitForSelector(".grid .row[aria-rowindex='2']");
  await page.focus(".grid");
  await page.keyboard.press("Control+c");
  assert.equal((await copies(shown)).at(-1)?.text, '"a\tb\n""c"""', "as spreadsheets take it");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.click("dialog button:has-text('Open Link')");
  assert.deepEqual((await shown.said()).filter((message) => message.kind === "open"), [{ kind: "open", url: "https://a.example/x%20y" }]);
  await closed(shown);
});

test("the footer says whether these are all rows", options, async () => {
  for (const [change, expected] of [
    [{}, /^300 rows, all there are/u],
    [{ end: "cut", limit: 300 }, /^300 rows, CUT: .* stopped at 300; more may exist/u],
    [{ end: "more", maxRows: 300 }, /^300 rows, MORE EXIST/u],
    [{ asOf: null, licence: null, attribution: null }, /^300 rows, all there are412 ms18\.2 kB$/u],
  ] as const) {
    const shown = await opened(300, "dark", change);
    assert.match(await shown.page.textContent("footer") ?? "", expected);
    await closed(shown);
  }
});

test("results are kept, a statement takes its own place, and old ones are given back", options, async () => {
  const shown = await open(browser, "dark");
  const { page } = shown;
  for (const [id, title] of [[1, "a"], [2, "b"], [3, "a"], [4, "c"], [5, "d"]] as const) {
    const [begin, ...rest] = result(head(id, CALL_COLUMNS, 3, { title }), calls(3));
    if (begin?.kind === "begin") await shown.send({ ...begin, keep: 3 }, ...rest);
  }
  await page.waitForFunction(() => document.querySelectorAll(".picker option").length === 3);
  assert.deepEqual(await page.locator(".picker option").allTextContents(), ["d", "c", "a"]);
  assert.deepEqual((await shown.said()).filter((message) => message.kind === "forget").map(({ id }) => id), [1, 2]);
  await page.selectOption(".picker select", { label: "a" });
  await page.click("text=CSV");
  assert.deepEqual((await shown.said()).at(-1), { kind: "export", id: 3, format: "csv" });
  await shown.send({ kind: "busy", text: "Running e: 2 pages" });
  await page.click("text=Cancel");
  assert.deepEqual((await shown.said()).at(-1), { kind: "cancel" });
  await closed(shown);
});

const DISTRICT_COLUMNS = [{ name: "district", type: "text" }, { name: "outline", type: "multipolygon" }, { name: "calls", type: "number" }];

/** Six districts in two rows, one with a hole, and a row without a place. */
function districts(): Row[] {
  const rows: Row[] = Array.from({ length: 6 }, (_, index) => {
    const [x, y] = [-121.36 + (index % 3) * 0.04, 37.9 + Math.floor(index / 3) * 0.06];
    const square = (inset: number): number[][] => [
      [x + inset, y + inset], [x + 0.038 - inset, y + inset + (index % 2) * 0.01], [x + 0.038 - inset, y + 0.055 - inset],
      [x + inset, y + 0.055 - inset], [x + inset, y + inset],
    ];
    return [String(index + 1), { type: "MultiPolygon", coordinates: [index === 4 ? [square(0), square(0.012)] : [square(0)]] }, String(900 + index * 170)];
  });
  return [...rows, ["none", null, "12"], ["broken", { type: "MultiPolygon", coordinates: "no" }, null]];
}

for (const theme of ["dark", "light"] as const) {
  test(`pictures of the ${theme} theme: table, charts and map`, options, async () => {
    const picture = async (page: Page, name: string): Promise<void> => {
      await page.screenshot({ path: `${pictures}/panel-${name}-${theme}.png` });
    };
    const shown = await opened(1000, theme, { end: "cut", limit: 1000 });
    const { page } = shown;
    await page.focus(".grid");
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowRight"]) await page.keyboard.press(key);
    await picture(page, "table");
    await page.click("[role=tab]:has-text('Chart')");
    await page.selectOption("[aria-label='Kind of chart']", "bar");
    await page.selectOption("[aria-label='Column across']", { label: "call_type" });
    await page.selectOption("[aria-label='Column of the height']", { label: "number of rows" });
    assert.equal(await page.locator(".chart rect.bar").count(), 5);
    await picture(page, "bars");
    await page.selectOption("[aria-label='Kind of chart']", "histogram");
    await page.selectOption("[aria-label='Column across']", { label: "minutes" });
    assert.match(await page.textContent(".chart .notes") ?? "", /20 rows without a number left out/u);
    await picture(page, "histogram");
    await page.click("text=Save as SVG");
    const saved = (await shown.said()).at(-1);
    assert.ok(saved?.kind === "saveImage" && saved.svg.startsWith("<svg") && saved.svg.includes("rgb("), "with its colours");
    const days: Row[] = Array.from({ length: 90 }, (_, day) =>
      [new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 23), String(Math.round(120 + 40 * Math.sin(day / 4) + (day * 37) % 23))]);
    await shown.send(...result(head(2, [{ name: "day", type: "floating_timestamp" }, { name: "calls", type: "number" }], 90, { title: "calls_by_day" }), days));
    await page.waitForFunction(() => document.querySelector(".picker select")?.textContent.includes("calls_by_day") === true);
    await page.click("[role=tab]:has-text('Chart')");
    assert.equal(await page.locator(".chart circle").count(), 90);
    await picture(page, "line");
    await shown.send(...result(head(3, DISTRICT_COLUMNS, 8, { title: "districts" }), districts()));
    await page.waitForSelector("button:has-text('GeoJSON')");
    await page.click("[role=tab]:has-text('Map')");
    await page.waitForFunction(() => document.querySelector(".map .notes")?.textContent.startsWith("2 rows without a place") === true);
    const box = await page.locator(".map canvas").boundingBox();
    assert.ok(box);
    await page.mouse.click(box.x + box.width / 2 - 70, box.y + box.height * 0.7);
    assert.match(await page.textContent(".map .notes") ?? "", /^row \d+: district \d/u, "a click finds the district");
    await picture(page, "map");
    await closed(shown);
  });
}
