// VS Code for real: code-server in a browser without a screen, with the packed extension installed,
// and a portal of this machine. What is here knows the editor's page; what is tested is elsewhere.

import assert from "node:assert/strict";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Frame, Page } from "playwright-core";
import { browserPath, file, launch } from "../panel/harness.ts";

const run = promisify(execFile);

/** What the tests need; `TULE_BIN`, `TULE_CODE_SERVER` and `TULE_VSIX` say where it is. */
export const NEEDED = {
  program: process.env["TULE_BIN"],
  codeServer: process.env["TULE_CODE_SERVER"],
  vsix: process.env["TULE_VSIX"] ?? file("tule.vsix"),
  browser: browserPath(),
};

/** Why the tests cannot run, or `false`. */
export function missing(): string | false {
  const absent = Object.entries(NEEDED).filter(([, path]) => path === undefined || !existsSync(path)).map(([name]) => name);
  return absent.length > 0 && `missing: ${absent.join(", ")}`;
}

export const TOKEN = "e2eTokenOfNobody123";

export interface Editor {
  readonly page: Page;
  /** The project's folder. */
  readonly folder: string;
  /** The host of the portal on this machine. */
  readonly portal: string;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => { resolve(typeof address === "object" && address ? address.port : 0); });
    });
  });
}

async function listening(port: number, process: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    assert.equal(process.exitCode, null, "the process ended");
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => { socket.destroy(); resolve(true); });
      socket.on("error", () => { resolve(false); });
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail("nothing listens");
}

function started(command: string, args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  // A group of its own, so that what it starts can be ended with it.
  const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ["ignore", "ignore", process.env["TULE_VERBOSE"] ? "inherit" : "ignore"], detached: true });
  return child;
}

function ended(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "workbench.editor.useModal": "off",
  "chat.disableAIFeatures": true,
  "editor.wordBasedSuggestions": "off",
  "editor.minimap.enabled": false,
  "editor.accessibilitySupport": "off",
  "window.commandCenter": false,
  "files.simpleDialog.enable": true,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
};

export interface Opening {
  readonly queries: Readonly<Record<string, string>>;
  readonly theme: string;
  /** Whether VS Code asks for trust in the folder, as it does for users. */
  readonly asksTrust?: boolean;
}

/** Starts a portal that wants a token, locks a project against it and opens that in VS Code. */
export async function open(opening: Opening): Promise<Editor> {
  const root = mkdtempSync(join(tmpdir(), "tule-vscode-"));
  const undo: (() => Promise<void> | void)[] = [
    () => { rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }); },
  ];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...await opened(opening, root, undo), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Does what `open` says; `undo` gets what takes each step back. */
async function opened(opening: Opening, root: string, undo: (() => Promise<void> | void)[]): Promise<Omit<Editor, "close">> {
  const { program, codeServer, vsix, browser: chromium } = NEEDED;
  assert.ok(program && codeServer && chromium);
  const folder = join(root, "stockton");
  mkdirSync(join(folder, "queries"), { recursive: true });
  const data = join(root, "data");
  cpSync(file("../../examples/stockton/data"), data, { recursive: true });
  const portalPort = await freePort();
  const portal = started(program, ["serve", data, "--port", String(portalPort), "--token", TOKEN, "--token-required"]);
  undo.push(() => { ended(portal); });
  await listening(portalPort, portal);
  const host = `127.0.0.1:${portalPort}`;
  writeFileSync(join(folder, "tule.toml"), `[portals.stockton]\nurl = "http://${host}"\nkind = "socrata"\n\n[datasets]\n`
    + 'police_calls = "stockton/esc4-8x43"\ncouncil_districts = "stockton/gdix-arru"\n');
  for (const [name, text] of Object.entries(opening.queries)) writeFileSync(join(folder, "queries", name), text);
  const settings = (of: "User" | "Machine", values: object): void => {
    mkdirSync(join(root, "user", of), { recursive: true });
    writeFileSync(join(root, "user", of, "settings.json"), JSON.stringify(values));
  };
  settings("User", {
    ...SETTINGS, "workbench.colorTheme": opening.theme,
    "security.workspace.trust.enabled": opening.asksTrust === true, "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
  });
  // What a machine has, its programs, is set for the machine where the browser is not on it.
  settings("Machine", { "tule.path": program });
  const environment = { TULE_CACHE: join(root, "cache"), XDG_CONFIG_HOME: join(root, "config") };
  await run(program, ["lock"], { cwd: folder, env: { ...process.env, ...environment, TULE_TOKENS: `${host}=${TOKEN}` } });
  const common = ["--config", join(root, "config.yaml"), "--user-data-dir", join(root, "user"), "--extensions-dir", join(root, "extensions")];
  await run(process.execPath, [codeServer, ...common, "--install-extension", vsix]);
  const port = await freePort();
  const server = started(process.execPath, [codeServer, ...common, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`,
    "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override",
    ...(opening.asksTrust === true ? [] : ["--disable-workspace-trust"]), folder], environment);
  undo.push(() => { ended(server); });
  await listening(port, server);
  const browser: Browser = await launch(chromium);
  undo.push(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: `http://127.0.0.1:${port}` });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`http://127.0.0.1:${port}/?folder=${folder}`);
  await page.waitForSelector(".monaco-workbench .explorer-folders-view .monaco-list-row");
  return { page, folder, portal: host };
}

/** Opens a file by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  await pressFor(page, "Control+p", ".quick-input-widget:not([style*='display: none']) input");
  await page.keyboard.type(name);
  await page.locator(`.quick-input-list .monaco-list-row[aria-label*="${name}"]`).first().click();
  await page.waitForSelector(`.tab.active[data-resource-name="${name}"], .tab.active[aria-label^="${name}"]`);
  await page.waitForSelector(".monaco-editor.focused");
}

/** Runs a command of the palette. */
export async function command(page: Page, title: string): Promise<void> {
  await pressFor(page, "F1", ".quick-input-widget:not([style*='display: none']) input");
  await page.keyboard.type(title);
  await page.locator(`.quick-input-list .monaco-list-row[aria-label*="${title}"]`).first().click();
}

/** Presses a key until something shows: a busy editor loses keys, or closes again what they opened. */
export async function pressFor(page: Page, key: string, selector: string): Promise<void> {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await page.keyboard.press(key);
    if (await page.waitForSelector(selector, { timeout: 5000 }).then(() => true, () => false)) return;
  }
  assert.fail(`${key} did not show ${selector}`);
}

/** Types into the input box that is asked with, once it asks for `what`. */
export async function answer(page: Page, what: string, text: string): Promise<void> {
  await page.waitForFunction((wanted) =>
    document.querySelector<HTMLElement>(".quick-input-widget:not([style*='display: none'])")?.innerText.includes(wanted) === true, what);
  if (text !== "") await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

/** Puts the cursor somewhere: line and column from 1. */
export async function goTo(page: Page, line: number, column: number): Promise<void> {
  await pressFor(page, "Control+g", ".quick-input-widget:not([style*='display: none']) input");
  await page.keyboard.type(`${line}:${column}`);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".monaco-editor.focused");
}

/** The text of the editor as it is drawn. */
export async function text(page: Page): Promise<string> {
  const lines = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".editor-group-container.active .view-lines .view-line")]
    .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
    .map((line) => [...line.querySelectorAll<HTMLElement>(":scope > span > span:not([class*='ced-'])")].map((span) => span.textContent).join("")));
  return lines.join("\n").replaceAll("\u00a0", " ");
}

/** Waits until the editor's text passes a test. */
export async function untilText(page: Page, test: (text: string) => boolean, what: string): Promise<string> {
  let last = "";
  for (let attempt = 0; attempt < 150; attempt += 1) {
    last = await text(page);
    if (test(last)) return last;
    await page.waitForTimeout(100);
  }
  return assert.fail(`${what}:\n${last}`);
}

/** Waits until a preview of Markdown shows a text. */
export async function rendered(page: Page, wanted: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    for (const frame of page.frames()) {
      const texts = await frame.locator("body.vscode-body .markdown-body, body.vscode-body").allTextContents().catch(() => []);
      if (texts.some((text) => text.includes(wanted))) return;
    }
    await page.waitForTimeout(100);
  }
  assert.fail(`no preview shows ${wanted}`);
}

/** The page of the results panel. */
export async function panel(page: Page): Promise<Frame> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    for (const frame of page.frames()) {
      if (frame.isDetached() || frame === page.mainFrame()) continue;
      const found = await frame.locator("body > .bar, body.nothing").count().catch(() => 0);
      if (found > 0) return frame;
    }
    await page.waitForTimeout(100);
  }
  return assert.fail("the results panel did not open");
}
