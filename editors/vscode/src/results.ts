// The results panel as VS Code sees it: a view of the bottom panel, the messages to and from its
// page, and where each result came from.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { PART, type ExportFormat, type FromPanel, type ToPanel } from "./messages.ts";
import type { RunResult } from "./protocol.ts";
import type { Origin } from "./run.ts";
import { fileName } from "./text.ts";

export interface ResultsEvents {
  export(origin: Origin, format: ExportFormat): void;
  reveal(origin: Origin): void;
}

export class ResultsView implements vscode.WebviewViewProvider {
  static readonly id = "tule.results";
  private readonly extension: vscode.Uri;
  private events: ResultsEvents | undefined;
  private view: vscode.WebviewView | undefined;
  private ready = false;
  private waiting: ToPanel[] = [];
  private readonly origins = new Map<number, Origin>();
  private next = 1;
  private running: vscode.CancellationTokenSource | undefined;

  constructor(extension: vscode.Uri) {
    this.extension = extension;
  }

  listen(events: ResultsEvents): void {
    this.events = events;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    this.ready = false;
    const folder = vscode.Uri.joinPath(this.extension, "dist", "panel");
    view.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    view.webview.onDidReceiveMessage((message: FromPanel) => { this.heard(message); });
    view.onDidDispose(() => {
      this.view = undefined;
      this.ready = false;
      this.origins.clear();
    });
    view.webview.html = page(view.webview, folder);
  }

  /** Makes the panel visible; the focus stays where it is. */
  async reveal(): Promise<void> {
    if (this.view) {
      this.view.show(true);
      return;
    }
    const editor = vscode.window.activeTextEditor;
    await vscode.commands.executeCommand(`${ResultsView.id}.focus`);
    if (editor) await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  }

  /** Shows that something runs, with a way to stop it. */
  async busy<T>(text: string, action: (token: vscode.CancellationToken, heard: (text: string) => void) => Promise<T>): Promise<T> {
    this.running?.cancel();
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    this.send({ kind: "busy", text });
    try {
      return await action(source.token, (heard) => { this.send({ kind: "busy", text: `${text}: ${heard}` }); });
    } finally {
      if (this.running === source) {
        this.running = undefined;
        this.send({ kind: "busy", text: null });
      }
      source.dispose();
    }
  }

  async show(result: RunResult, origin: Origin, maxRows: number): Promise<void> {
    const id = this.next;
    this.next += 1;
    this.origins.set(id, origin);
    const settings = vscode.workspace.getConfiguration("tule.panel");
    const { rows, columns, total, end, limit, notes, tookMs, bytes, asOf, licence, attribution } = result;
    this.send({
      kind: "begin",
      keep: settings.get<number>("keep", 5),
      head: { id, title: origin.title, maxRows, columns, total, end, limit, notes, tookMs, bytes, asOf, licence, attribution },
    });
    for (let at = 0; at < rows.length; at += PART) this.send({ kind: "rows", id, rows: rows.slice(at, at + PART) });
    const focus = settings.get<boolean>("focus", false);
    if (focus) await vscode.commands.executeCommand(`${ResultsView.id}.focus`);
    this.send({ kind: "end", id, focus });
  }

  fail(title: string, message: string): void {
    if (this.view) this.send({ kind: "failed", title, message });
  }

  private send(message: ToPanel): void {
    if (this.view && this.ready) void this.view.webview.postMessage(message);
    else this.waiting.push(message);
  }

  private heard(message: FromPanel): void {
    switch (message.kind) {
      case "ready": {
        this.ready = true;
        const waiting = this.waiting;
        this.waiting = [];
        waiting.forEach((kept) => { this.send(kept); });
        break;
      }
      case "copy":
        void vscode.env.clipboard.writeText(message.text).then(() => {
          vscode.window.setStatusBarMessage(`$(check) ${message.what} copied`, 3000);
        });
        break;
      case "export":
        this.about(message.id, (origin) => { this.events?.export(origin, message.format); });
        break;
      case "reveal":
        this.about(message.id, (origin) => { this.events?.reveal(origin); });
        break;
      case "forget":
        this.origins.delete(message.id);
        break;
      case "cancel":
        this.running?.cancel();
        break;
      case "open":
        // The editor shows the address and asks.
        if (/^https?:\/\//iu.test(message.url)) void vscode.env.openExternal(vscode.Uri.parse(message.url, true));
        break;
      case "saveImage":
        void save(message.svg, message.name);
        break;
    }
  }

  private about(id: number, action: (origin: Origin) => void): void {
    const origin = this.origins.get(id);
    if (origin) action(origin);
  }
}

async function save(svg: string, name: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = fileName(name, "svg");
  const target = await vscode.window.showSaveDialog({
    filters: { SVG: ["svg"] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
  });
  if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(svg));
}

/** The page: its own script and style, nothing else, and no connection anywhere. */
function page(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(16).toString("base64");
  const address = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>Tule Results</title>
<link rel="stylesheet" href="${address("panel.css")}">
</head>
<body><script nonce="${nonce}" src="${address("panel.js")}"></script></body>
</html>`;
}
