// The Datasets view: what is locked, what a search of the catalogues found, and the columns of each.

import * as vscode from "vscode";
import type { Card, CardColumn, DatasetEntry, Datasets } from "./protocol.ts";
import { wording, type Server } from "./server.ts";
import { age, quoted } from "./text.ts";
import { count, visible } from "./panel/values.ts";

export interface DatasetNode {
  readonly kind: "dataset";
  readonly entry: DatasetEntry;
}

export interface ColumnNode {
  readonly kind: "column";
  readonly column: CardColumn;
}

interface GroupNode {
  readonly kind: "group";
  readonly label: string;
  readonly description: string;
  readonly entries: readonly DatasetEntry[];
}

export interface NoteNode {
  readonly kind: "note";
  readonly text: string;
}

export type Node = DatasetNode | ColumnNode | GroupNode | NoteNode;

/** How a request names a dataset. */
export function reference(entry: Pick<DatasetEntry, "name" | "host" | "id">): string {
  return entry.name ?? `${entry.host}/${entry.id}`;
}

/** How a query names a dataset. */
export function inQuery(entry: Pick<DatasetEntry, "name" | "host" | "id">): string {
  return entry.name === null ? `'${entry.host}/${entry.id}'` : quoted(entry.name);
}

export class DatasetsView implements vscode.TreeDataProvider<Node> {
  static readonly id = "tule.datasets";
  private readonly changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly server: Server;
  private words = "";

  constructor(server: Server) {
    this.server = server;
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  /** Searches the catalogues; no words end the search. */
  search(words: string): void {
    this.words = words.trim();
    void vscode.commands.executeCommand("setContext", "tule.searching", this.words !== "");
    this.refresh();
  }

  async entries(words?: string): Promise<Datasets> {
    const uri = projectUri()?.toString();
    return this.server.request<Datasets>("tule/datasets", {
      ...(words === undefined ? {} : { words }),
      ...(uri === undefined ? {} : { textDocument: { uri } }),
    });
  }

  async card(entry: Pick<DatasetEntry, "name" | "host" | "id">): Promise<Card | null> {
    const uri = projectUri()?.toString();
    return this.server.request<Card | null>("tule/card", {
      dataset: reference(entry),
      ...(uri === undefined ? {} : { textDocument: { uri } }),
    });
  }

  async getChildren(node?: Node): Promise<Node[]> {
    try {
      if (!node) return await this.roots();
      if (node.kind === "group") return node.entries.map((entry) => ({ kind: "dataset", entry }));
      if (node.kind !== "dataset") return [];
      const card = await this.card(node.entry);
      if (!card || card.columns.length === 0) return [{ kind: "note", text: "the columns are not known yet" }];
      return card.columns.map((column) => ({ kind: "column", column }));
    } catch (error) {
      // Without a server the view's own welcome says what to do.
      const text = wording(error);
      return node && text !== undefined ? [{ kind: "note", text }] : [];
    }
  }

  private async roots(): Promise<Node[]> {
    const locked = (await this.entries()).datasets;
    if (this.words === "") return locked.map((entry) => ({ kind: "dataset", entry }));
    const found = await this.entries(this.words).catch((error: unknown) => wording(error) ?? "cancelled");
    const here: GroupNode = { kind: "group", label: "In this project", description: "", entries: locked };
    if (typeof found === "string") return [{ kind: "note", text: found }, here];
    const entries = found.datasets;
    return [{
      kind: "group",
      label: `Found for “${this.words}”`,
      description: `${entries.length}${found.offline ? ", offline: only what is locked" : ""}`,
      entries,
    }, here];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case "dataset": return datasetItem(node.entry);
      case "column": return columnItem(node.column);
      case "group": {
        const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
        item.description = node.description;
        return item;
      }
      case "note": {
        const item = new vscode.TreeItem(visible(node.text));
        item.iconPath = new vscode.ThemeIcon("info");
        return item;
      }
    }
  }
}

function datasetItem(entry: DatasetEntry): vscode.TreeItem {
  const title = entry.title === null ? "" : visible(entry.title);
  const item = new vscode.TreeItem(entry.name ?? (title === "" ? entry.id : title), vscode.TreeItemCollapsibleState.Collapsed);
  item.description = entry.name === null ? `${entry.host}/${entry.id}` : title;
  item.contextValue = entry.locked ? "locked" : "found";
  item.iconPath = new vscode.ThemeIcon(entry.locked ? "lock" : entry.kind === "map" ? "globe" : "table");
  const facts = [title, `${entry.host}/${entry.id}`];
  if (entry.rows !== null) facts.push(count(entry.rows, "row", "rows"));
  if (entry.updatedAt !== null) facts.push(`updated ${age(entry.updatedAt, Date.now()) ?? entry.updatedAt}`);
  facts.push(entry.locked ? "schema locked" : "not locked: its columns come from the portal");
  item.tooltip = facts.filter((fact) => fact !== "").join("\n");
  return item;
}

const ICONS: Readonly<Record<string, string>> = {
  text: "symbol-string", number: "symbol-number", double: "symbol-number", boolean: "symbol-boolean",
  fixed_timestamp: "calendar", floating_timestamp: "calendar", datestamp: "calendar", time: "clock",
  point: "location", multipoint: "location", line: "graph-line", multiline: "graph-line", polygon: "map",
  multipolygon: "map", location: "location", url: "link", json: "json",
};

function columnItem(column: CardColumn): vscode.TreeItem {
  const item = new vscode.TreeItem(visible(column.name));
  const label = column.label && column.label !== column.name ? `  ${visible(column.label)}` : "";
  item.description = `${column.type}${label}`;
  item.contextValue = "column";
  item.iconPath = new vscode.ThemeIcon(ICONS[column.type] ?? "symbol-field");
  const values = column.values?.map((value) => String(value)).join(", ");
  item.tooltip = [column.description, values === undefined ? null : `values: ${values}`]
    .filter((text) => text !== null && text !== undefined && text !== "")
    .map((text) => visible(String(text)))
    .join("\n");
  return item;
}

/** A file that tells the server which project is meant: the query being edited, else the folder's `tule.toml`. */
export function projectUri(): vscode.Uri | undefined {
  const { document } = vscode.window.activeTextEditor ?? {};
  if (document?.languageId === "tule") return document.uri;
  const visibleQuery = vscode.window.visibleTextEditors.find((editor) => editor.document.languageId === "tule");
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return visibleQuery?.document.uri ?? (folder && vscode.Uri.joinPath(folder, "tule.toml"));
}
