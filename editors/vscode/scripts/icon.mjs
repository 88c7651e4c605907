// Draws `media/icon.png` from `media/icon.svg`: the marketplace takes no SVG. Needs Chromium.
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const media = new URL("../media/", import.meta.url);
const svg = await readFile(new URL("icon.svg", media), "utf8");
const browser = await chromium.launch({ executablePath: process.env.TULE_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
await page.setContent(`<body style="margin:0">${svg}</body>`);
await page.screenshot({ path: decodeURIComponent(new URL("icon.png", media).pathname), omitBackground: true });
await browser.close();
