// The panel in a browser without VS Code: the built page, the few things that VS Code gives it, and
// rows made by rule.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import type { FromPanel, ResultHead, ToPanel } from "../../src/messages.ts";
import { PART } from "../../src/messages.ts";
import type { Column, Row } from "../../src/protocol.ts";

export type Theme = "dark" | "light";

export const file = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** Where Debian and others put Chromium. */
export function browserPath(): string | undefined {
  const known = [process.env["TULE_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return known.find((path) => path !== undefined && existsSync(path));
}

export async function launch(path: string): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: ["--no-sandbox", "--disable-gpu"] });
}

/** The variables of VS Code's default themes, as far as the panel reads them. */
const THEMES: Record<Theme, Record<string, string>> = {
  dark: {
    foreground: "#cccccc", "panel-background": "#181818", "editor-background": "#1f1f1f", "panel-border": "#2b2b2b",
    descriptionForeground: "#9d9d9d", focusBorder: "#0078d4", "editorWidget-background": "#202020", "editorWidget-border": "#313131",
    "list-hoverBackground": "#2a2d2e", "list-activeSelectionBackground": "#04395e", "list-activeSelectionForeground": "#ffffff",
    "list-inactiveSelectionBackground": "#37373d", "input-background": "#313131", "input-border": "#3c3c3c", "input-foreground": "#cccccc",
    "dropdown-background": "#313131", "dropdown-border": "#3c3c3c", "dropdown-foreground": "#cccccc",
    "button-secondaryBackground": "#313131", "button-secondaryForeground": "#cccccc", "button-secondaryHoverBackground": "#3c3c3c",
    "panelTitle-activeForeground": "#cccccc", "panelTitle-activeBorder": "#0078d4", "panelTitle-inactiveForeground": "#9d9d9d",
    "charts-blue": "#3794ff", "charts-orange": "#d18616", "editorWarning-foreground": "#cca700", "editorLineNumber-foreground": "#6e7681",
  },
  light: {
    foreground: "#3b3b3b", "panel-background": "#f8f8f8", "editor-background": "#ffffff", "panel-border": "#e5e5e5",
    descriptionForeground: "#3b3b3b", focusBorder: "#005fb8", "editorWidget-background": "#f8f8f8", "editorWidget-border": "#c8c8c8",
    "list-hoverBackground": "#f2f2f2", "list-activeSelectionBackground": "#e8e8e8", "list-activeSelectionForeground": "#000000",
    "list-inactiveSelectionBackground": "#e4e6f1", "input-background": "#ffffff", "input-border": "#cecece", "input-foreground": "#3b3b3b",
    "dropdown-background": "#ffffff", "dropdown-border": "#cecece", "dropdown-foreground": "#3b3b3b",
    "button-secondaryBackground": "#e5e5e5", "button-secondaryForeground": "#3b3b3b", "button-secondaryHoverBackground": "#cccccc",
    "panelTitle-activeForeground": "#3b3b3b", "panelTitle-activeBorder": "#005fb8", "panelTitle-inactiveForeground": "#3b3b3b",
    "charts-blue": "#0063d3", "charts-orange": "#d18616", "editorWarning-foreground": "#bf8803", "editorLineNumber-foreground": "#6e7681",
  },
};

export interface Shown {
  readonly page: Page;
  /** What the panel said, oldest first. */
  said(): Promise<FromPanel[]>;
  send(...messages: ToPanel[]): Promise<void>;
  /** Faults of the page: errors, and what its policy refused. */
  readonly faults: string[];
}

declare global {
  interface Window {
    said: FromPanel[];
    alerted: boolean;
  }
}

/** Opens the built panel under the policy that the extension gives it. */
export async function open(browser: Browser, theme: Theme, size = { width: 1100, height: 420 }): Promise<Shown> {
  const page = await browser.newPage({ viewport: size });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  page.on("request", (request) => { if (!request.url().startsWith("http://panel.test/")) faults.push(`asked for ${request.url()}`); });
  const variables = Object.entries(THEMES[theme]).map(([name, value]) => `--vscode-${name}: ${value};`).join("");
  await page.route("http://panel.test/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") {
      const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tule Results</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src http://panel.test; script-src http://panel.test">
<link rel="stylesheet" href="theme.css"><link rel="stylesheet" href="panel.css"></head>
<body class="vscode-${theme}"><script src="host.js"></script><script src="panel.js"></script></body></html>`;
      await route.fulfill({ contentType: "text/html", body });
    } else if (pathname === "/theme.css") {
      await route.fulfill({ contentType: "text/css", body: `:root { ${variables} color-scheme: ${theme}; }` });
    } else if (pathname === "/host.js") {
      const body = "window.said = []; window.acquireVsCodeApi = () => ({ postMessage: (message) => { window.said.push(message); } });"
        + "window.alert = () => { window.alerted = true; };";
      await route.fulfill({ contentType: "text/javascript", body });
    } else if (pathname === "/panel.js" || pathname === "/panel.css") {
      await route.fulfill({ path: file(`dist/panel${pathname}`) });
    } else await route.fulfill({ status: 404, body: "" });
  });
  await page.goto("http://panel.test/");
  await page.waitForFunction(() => window.said.length > 0);
  return {
    page,
    faults,
    said: () => page.evaluate(() => window.said),
    send: async (...messages) => {
      await page.evaluate((all) => { for (const message of all) window.postMessage(message, "*"); }, messages as unknown[]);
    },
  };
}

export function head(id: number, columns: readonly Column[], total: number, change: Partial<ResultHead> = {}): ResultHead {
  return {
    id, title: "calls_by_beat", columns, total, end: "whole", limit: null, maxRows: 100_000, notes: [],
    tookMs: 412, bytes: 18_233, asOf: "2026-04-10", licence: "Public Domain", attribution: "City of Stockton", ...change,
  };
}

/** Everything that shows a result. */
export function result(of: ResultHead, rows: readonly Row[]): ToPanel[] {
  const messages: ToPanel[] = [{ kind: "begin", head: of, keep: 5 }];
  for (let at = 0; at < rows.length; at += PART) messages.push({ kind: "rows", id: of.id, rows: rows.slice(at, at + PART) });
  messages.push({ kind: "end", id: of.id, focus: false });
  return messages;
}

export const CALL_COLUMNS: readonly Column[] = [
  { name: "call_no", type: "number", label: "Call No" },
  { name: "beat", type: "text", label: "Beat" },
  { name: "call_entry_date", type: "floating_timestamp", label: "Call Entry Date" },
  { name: "call_type", type: "text", label: "Call Type" },
  { name: "minutes", type: "number", label: "Minutes" },
  { name: "longitude", type: "number" },
  { name: "latitude", type: "number" },
  ...Array.from({ length: 13 }, (_, index) => ({ name: `extra_${index}`, type: "text", label: null })),
];

/** Rows for these columns; all that it needs is inside, for it runs in the browser as well. */
export function calls(size: number): Row[] {
  const BEATS = ["B3", "B5", "C1", "C2", "CS", "D4"];
  const TYPES = ["TRAFFIC STOP", "VEHICLE THEFT REPORT", "NOISE", "WELFARE CHECK", "ALARM"];
  return Array.from({ length: size }, (_, index) => {
    const day = new Date(Date.UTC(2024, 0, 1) + ((index * 7919) % 700) * 86_400_000).toISOString().slice(0, 23);
    return [
      String(1_000_000 + index), BEATS[(index * 31) % 6] ?? null, day, TYPES[(index * 17) % 5] ?? null,
      index % 50 === 0 ? null : String((index * 37) % 240), String(-121.35 + ((index * 131) % 1000) / 8000),
      String(37.9 + ((index * 577) % 1000) / 8000), ...Array.from({ length: 13 }, (_inner, extra) => `v${index}-${extra}`),
    ];
  });
}
