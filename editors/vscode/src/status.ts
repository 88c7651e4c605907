// The status bar: which portals, how old the lock is, whether something is being fetched.

import * as vscode from "vscode";
import type { Status } from "./protocol.ts";
import type { Server } from "./server.ts";
import { age } from "./text.ts";

/** What the bar shows of a status. */
export function shown(status: Status, now: number): { readonly text: string; readonly tooltip: string } {
  const icon = status.busy !== null ? "$(sync~spin)" : status.offline ? "$(debug-disconnect)" : "$(database)";
  const [first] = status.portals;
  const more = status.portals.length > 1 ? ` +${status.portals.length - 1}` : "";
  const portal = first === undefined ? "Tule: no project" : `${first}${more}`;
  const locked = status.lockedAt === null ? undefined : age(status.lockedAt, now);
  const lines = [
    status.busy,
    status.project === null ? "No tule.toml above this file" : `Project ${status.project}`,
    status.portals.length > 0 ? `Portals: ${status.portals.join(", ")}` : null,
    `${status.datasets} datasets locked${locked === undefined ? "" : `, last changed ${locked}`}`,
    status.offline ? "Offline: only what is locked is known" : null,
    vscode.workspace.isTrusted ? null : "This folder is not trusted: no access token is sent",
  ];
  return {
    text: `${icon} ${portal}${status.busy === null ? locked === undefined ? "" : ` · ${locked}` : ` · ${status.busy}`}${status.offline ? " · offline" : ""}`,
    tooltip: lines.filter((line) => line !== null).join("\n"),
  };
}

export function statusBar(server: Server): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("tule.status", vscode.StatusBarAlignment.Right, 90);
  item.name = "Tule";
  item.command = "tule.showMenu";
  let status: Status | undefined;
  const draw = (): void => {
    if (status) Object.assign(item, shown(status, Date.now()));
    const query = vscode.window.activeTextEditor?.document.languageId === "tule";
    if (status && (query || status.busy !== null)) item.show();
    else item.hide();
  };
  return vscode.Disposable.from(
    item,
    server.onStatus((next) => {
      status = next;
      draw();
    }),
    vscode.window.onDidChangeActiveTextEditor(draw),
  );
}
