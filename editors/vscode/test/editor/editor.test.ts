// The extension in VS Code for real, against the real program and a portal on this machine: what a
// user does in the first ten minutes, in order.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test as testOf } from "node:test";
import { file } from "../panel/harness.ts";
import { answer, command, goTo, missing, open, openFile, panel, pressFor, rendered, TOKEN, untilText, type Editor } from "./workbench.ts";

const pictures = process.env["TULE_SCREENSHOTS"] ?? file("screenshots");
const skip = missing();

const BROKEN = "from police_calls\nselect beat, count(*) as n\nwhere priority = 1 and baet = 'C1'\ngroup by beat\norder by n desc\nlimit all;\n";
const TIDY = `-- How many calls each beat had.
from police_calls
select beat, count(*) as calls
where call_entry_date >= '2025-01-01'
group by beat
order by calls desc
limit all;

query latest($beat text default 'C1') as
from police_calls
select call_entry_date, call_type_final_d, first_cross_street, x, y
where beat = $beat
order by call_entry_date desc
limit 500;

from council_districts
select poly_code, the_geom
limit all;
`;

let editor: Editor;
const picture = async (name: string): Promise<void> => {
  // Away from everything that answers a pointer with a box.
  await editor.page.mouse.move(560, 790);
  await editor.page.waitForTimeout(700);
  await editor.page.screenshot({ path: join(pictures, `${name}.png`) });
};

let failed = false;

/** A test that leaves a picture behind where it fails; the next ones would only fail with it. */
function test(name: string, action: () => Promise<void>): void {
  testOf(name, { skip }, async (context) => {
    if (failed) {
      context.skip("an earlier step failed");
      return;
    }
    try {
      await action();
    } catch (error) {
      failed = true;
      await picture(`failed-${name.replace(/\W+/gu, "-").slice(0, 40)}`);
      throw error;
    }
  });
}

before(async () => {
  if (skip !== false) return;
  mkdirSync(pictures, { recursive: true });
  editor = await open({ queries: { "broken.tule": BROKEN, "calls.tule": TIDY }, theme: "Default Dark Modern", asksTrust: true });
});
after(async () => {
  if (skip === false) await editor.close();
});

test("diagnostics, a repair, completion, rename and formatting", async () => {
  const { page } = editor;
  await openFile(page, "broken.tule");
  await page.waitForSelector(".squiggly-error");
  await page.waitForSelector(".monaco-editor .contentWidgets .codelens-decoration a, .codelens-decoration a");
  await page.keyboard.press("Control+Shift+M");
  await page.waitForSelector(".markers-panel .monaco-list-row:has-text('baet')");
  await picture("vscode-problems");
  await page.keyboard.press("Control+1");
  await goTo(page, 3, 26);
  await pressFor(page, "Control+.", ".action-widget .monaco-list-row:has-text('beat')");
  await picture("vscode-fix");
  await page.locator(".action-widget .monaco-list-row:has-text('beat')").first().click();
  await untilText(page, (text) => text.includes("and beat = 'C1'"), "the column is repaired");
  await goTo(page, 2, 12);
  await page.keyboard.type(", call_ty");
  await pressFor(page, "Control+Space", ".suggest-widget.visible .monaco-list-row:has-text('call_type_final')");
  await page.waitForTimeout(300);
  await picture("vscode-completion");
  await page.keyboard.press("Escape");
  for (let press = 0; press < 9; press += 1) await page.keyboard.press("Backspace");
  await goTo(page, 2, 27);
  await pressFor(page, "F2", ".rename-input:focus");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("how_many");
  await page.keyboard.press("Enter");
  await untilText(page, (text) => text.includes("as how_many") && text.includes("order by how_many desc"), "the name is changed in both places");
  await goTo(page, 2, 7);
  await page.keyboard.type("      ");
  await command(page, "Format Document");
  await untilText(page, (text) => /^select beat, count/mu.test(text), "the file is formatted");
});

test("a folder that is not trusted gets no token; a trusted one does, for the host alone", async () => {
  const { page } = editor;
  await openFile(page, "calls.tule");
  await goTo(page, 3, 1);
  await page.keyboard.press("Control+Enter");
  const frame = await panel(page);
  const refused = async (): Promise<void> => {
    await frame.waitForSelector("[role=alert]");
    await frame.click(".busy button:has-text('Close')");
  };
  await refused();
  await command(page, "Tule: Log In to a Portal");
  await answer(page, editor.portal, editor.portal);
  await answer(page, "App token", TOKEN);
  await page.waitForSelector(".notification-toast:has-text('once this folder is trusted')");
  assert.ok(!inFiles(editor.folder, TOKEN), "the token is in no file of the project");
  await goTo(page, 3, 1);
  await page.keyboard.press("Control+Enter");
  await refused();
  await command(page, "Workspaces: Manage Workspace Trust");
  await page.locator(".workspace-trust-editor .monaco-button:has-text('Trust')").first().click();
  await page.waitForSelector("text=You trust this folder");
  await command(page, "View: Close Editor");
  await page.waitForSelector("text=You trust this folder", { state: "hidden" });
  await command(page, "Notifications: Clear All Notifications");
});

/** Whether a text is in a file below a folder. */
function inFiles(folder: string, wanted: string): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8").includes(wanted));
}

test("a statement runs, and its rows are in the panel", async () => {
  const { page } = editor;
  await openFile(page, "calls.tule");
  await goTo(page, 3, 1);
  await page.keyboard.press("Control+Enter");
  const frame = await panel(page);
  await frame.waitForSelector(".grid .row[aria-rowindex='3']");
  assert.match(await frame.textContent("footer") ?? "", /^\d+ rows, all there are/u);
  assert.equal(await frame.locator("[role=columnheader] .name").first().textContent(), "beat");
  await picture("vscode-results");
  // With the code lens, and a parameter that is asked for.
  await goTo(page, 9, 1);
  await page.keyboard.press("Control+Enter");
  await answer(page, "$beat", "C2");
  await frame.waitForFunction(() => document.querySelector(".picker")?.textContent.includes("latest") === true);
  assert.match(await frame.textContent("footer") ?? "", /rows/u);
  await frame.click("[role=tab]:has-text('Map')");
  await page.waitForTimeout(500);
  await picture("vscode-map");
  await goTo(page, 1, 1);
  await command(page, "Tule: Run File");
  await answer(page, "$beat", "");
  await frame.waitForFunction(() => document.querySelectorAll(".picker option").length === 3);
  await frame.click("[role=tab]:has-text('Map')");
  await frame.waitForFunction(() => document.querySelector("canvas")?.getAttribute("aria-label")?.startsWith("Map of 6 places") === true);
  await picture("vscode-districts");
});

test("a lens copies the URL, and an imported URL becomes a statement", async () => {
  const { page } = editor;
  await openFile(page, "calls.tule");
  await goTo(page, 3, 1);
  await command(page, "Tule: Copy Statement as URL");
  await page.waitForSelector(".statusbar-item:has-text('copied')");
  const url = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(url, new RegExp(`^http://${editor.portal}/resource/esc4-8x43\\.json\\?`, "u"));
  assert.ok(!url.includes(TOKEN));
  await page.locator(".codelens-decoration a:has-text('curl')").first().click();
  await page.waitForFunction(() => navigator.clipboard.readText().then((copied) => copied.startsWith("curl")));
  await openFile(page, "broken.tule");
  await command(page, "Tule: Import a Portal URL");
  await page.waitForSelector(".quick-input-widget input");
  await page.keyboard.press("Control+a");
  await answer(page, "Import a portal URL", url);
  await page.keyboard.press("Control+End");
  await untilText(page, (text) => (text.match(/limit all|limit/giu)?.length ?? 0) >= 2, "the statement is added");
  await page.keyboard.press("Control+z");
});

test("the Datasets view shows columns, inserts one and opens the card; the plan is a page", async () => {
  const { page } = editor;
  await openFile(page, "broken.tule");
  await page.keyboard.press("Control+End");
  await command(page, "Tule: Focus on Datasets View");
  const dataset = page.locator(".sidebar .monaco-list-row:has-text('police_calls')").first();
  await dataset.click();
  const column = page.locator(".sidebar .monaco-list-row:has-text('call_entry_date')").first();
  await column.waitFor();
  await picture("vscode-datasets");
  await column.hover();
  await column.locator("a[aria-label='Insert at Cursor']").click();
  await untilText(page, (text) => text.includes("call_entry_date"), "the column is inserted");
  await page.keyboard.press("Control+z");
  await dataset.hover();
  await dataset.locator("a[aria-label='Open Card']").click();
  await page.waitForSelector(".tab.active[aria-label*='Police Department Calls']");
  await rendered(page, "Priority");
  await picture("vscode-card");
  await command(page, "View: Close Editor");
  await openFile(page, "calls.tule");
  await page.locator(".codelens-decoration a:has-text('plan')").first().click();
  await page.waitForSelector(".tab.active[aria-label*='What will be asked']");
  await rendered(page, "$group");
  await command(page, "View: Close Editor");
});

test("the whole result goes into a file", async () => {
  const { page, folder } = editor;
  await openFile(page, "calls.tule");
  await goTo(page, 3, 1);
  await page.keyboard.press("Control+Enter");
  const frame = await panel(page);
  await frame.waitForFunction(() => document.querySelector<HTMLSelectElement>(".picker select")?.selectedOptions[0]?.textContent === "calls.tule:2");
  await frame.click(".exports button:has-text('CSV')");
  await page.waitForFunction(() =>
    document.querySelector<HTMLInputElement>(".quick-input-widget input[type=text]")?.value.endsWith("/queries/calls_2.csv") === true);
  await page.locator(".quick-input-widget .monaco-button:has-text('OK')").click();
  await page.waitForSelector(".notification-toast:has-text('written to')");
  const written = readFileSync(join(folder, "queries", "calls_2.csv"), "utf8");
  assert.match(written, /^beat,calls\r?\n/u);
  assert.equal(written.trim().split("\n").length, 26, "every row of the panel, and the names");
});
