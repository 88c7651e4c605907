// The commands of the palette, the menus and the code lenses. Each says what it needs and what went
// wrong; the work is done by the modules that it calls.

import * as vscode from "vscode";
import { inQuery, projectUri, type DatasetsView, type Node } from "./datasets.ts";
import type { DatasetEntry, Imported, Place } from "./protocol.ts";
import type { Statements } from "./run.ts";
import { wording, type Server } from "./server.ts";
import { quoted } from "./text.ts";
import { hostOf, isToken, type Tokens } from "./tokens.ts";
import type { Pages } from "./pages.ts";

export interface Parts {
  readonly server: Server;
  readonly statements: Statements;
  readonly datasets: DatasetsView;
  readonly tokens: Tokens;
  readonly pages: Pages;
}

type Command = (argument?: unknown) => unknown;

/** What a code lens does. The client registers these names, for the server announces them. */
export function takeover(parts: () => Parts): (command: string, place: Place) => Thenable<unknown> | undefined {
  return (command, place) => {
    const { statements } = parts();
    switch (command) {
      case "tule.run": return statements.run(place);
      case "tule.copyUrl": return statements.copy(place, "url");
      case "tule.copyCurl": return statements.copy(place, "curl");
      case "tule.plan": return showPlan(parts(), place);
      default: return undefined;
    }
  };
}

export function register(parts: Parts): vscode.Disposable {
  const at = (action: (place: Place) => unknown): Command => () => {
    const place = cursor();
    if (place) return action(place);
    void vscode.window.showInformationMessage("Open a query file (*.tule) and put the cursor into a statement.");
    return undefined;
  };
  const { server, statements, datasets } = parts;
  const table: Record<string, Command> = {
    "tule.runStatement": at((place) => statements.run(place)),
    "tule.runFile": at(() => {
      const document = vscode.window.activeTextEditor?.document;
      return document && statements.runFile(document);
    }),
    "tule.copyAsUrl": at((place) => statements.copy(place, "url")),
    "tule.copyAsCurl": at((place) => statements.copy(place, "curl")),
    "tule.showPlan": at((place) => showPlan(parts, place)),
    "tule.exportStatement": at((place) => statements.exportAt(place)),
    "tule.importUrl": () => importUrl(parts),
    "tule.refreshSchemas": () => refreshSchemas(parts),
    "tule.searchDatasets": () => searchDatasets(parts),
    "tule.clearSearch": () => { datasets.search(""); },
    "tule.reloadDatasets": () => { datasets.refresh(); },
    "tule.insertName": (node) => insertName(node as Node | undefined),
    "tule.openCard": (node) => openCard(parts, node as Node | undefined),
    "tule.openOnPortal": (node) => openOnPortal(parts, node as Node | undefined),
    "tule.newQuery": (node) => newQuery(parts, node as Node | undefined),
    "tule.logIn": () => logIn(parts),
    "tule.logOut": () => logOut(parts),
    "tule.restartServer": () => server.restart(),
    "tule.showOutput": () => { server.output.show(); },
    "tule.showMenu": () => showMenu(),
    "tule.openWalkthrough": () =>
      vscode.commands.executeCommand("workbench.action.openWalkthrough", "tule.tule#firstQuery", false),
  };
  const guarded = (command: Command): Command => async (argument) => {
    try {
      return await command(argument);
    } catch (error) {
      const message = wording(error);
      if (message !== undefined) void vscode.window.showErrorMessage(message);
      return undefined;
    }
  };
  return vscode.Disposable.from(...Object.entries(table).map(([name, command]) =>
    vscode.commands.registerCommand(name, guarded(command))));
}

function cursor(): Place | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "tule") return undefined;
  return { uri: editor.document.uri.toString(), position: editor.selection.active };
}

async function showPlan({ statements, pages }: Parts, place: Place): Promise<void> {
  const text = await statements.plan(place);
  if (text !== undefined) await pages.show("plan", "What will be asked", text);
}

async function importUrl({ server, pages }: Parts): Promise<void> {
  const clipboard = (await vscode.env.clipboard.readText()).trim();
  const text = await vscode.window.showInputBox({
    title: "Import a portal URL",
    prompt: "Any API address of a portal, or a curl command",
    value: /^(?:https?:\/\/|curl\s)/u.test(clipboard) ? clipboard : "",
    ignoreFocusOut: true,
  });
  if (!text) return;
  const editor = vscode.window.activeTextEditor;
  const target = editor?.document.languageId === "tule" ? editor : undefined;
  const uri = projectUri()?.toString();
  const imported = await server.request<Imported>("tule/import", { text, ...(uri === undefined ? {} : { textDocument: { uri } }) });
  const statement = `${imported.statement.trimEnd().replace(/;$/u, "")};\n`;
  if (target) {
    const { document } = target;
    const end = document.lineAt(document.lineCount - 1).range.end;
    const gap = document.getText().trim() === "" ? "" : end.character === 0 ? "\n" : "\n\n";
    await target.edit((edit) => { edit.insert(end, `${gap}${statement}`); });
    target.revealRange(new vscode.Range(end, end));
  } else {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "tule", content: statement }));
  }
  if (imported.notes.length > 0) await pages.show("notes", "Notes of the import", imported.notes.map((note) => `* ${note}`).join("\n"));
}

async function refreshSchemas({ server, datasets }: Parts): Promise<void> {
  const uri = projectUri();
  if (!uri) {
    void vscode.window.showInformationMessage("Open a folder with a tule.toml first.");
    return;
  }
  const argument = { uri: uri.toString(), position: { line: 0, character: 0 } };
  const { changed } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Refreshing schemas", cancellable: true },
    (_, token) => server.command<{ changed: string[] }>("tule.refresh", argument, token),
  );
  datasets.refresh();
  void vscode.window.showInformationMessage(changed.length === 0
    ? "No schema has changed."
    : `Changed: ${changed.join(", ")}. The difference of tule.lock shows how.`);
}

async function searchDatasets({ datasets }: Parts): Promise<void> {
  const words = await vscode.window.showInputBox({
    title: "Search the portals' catalogues", prompt: "Words; nothing ends the search", placeHolder: "police calls",
  });
  if (words === undefined) return;
  await vscode.commands.executeCommand("tule.datasets.focus");
  datasets.search(words);
}

async function insertName(node: Node | undefined): Promise<void> {
  const text = node?.kind === "column" ? quoted(node.column.name) : node?.kind === "dataset" ? inQuery(node.entry) : undefined;
  if (text === undefined) return;
  const editor = vscode.window.activeTextEditor
    ?? vscode.window.visibleTextEditors.find(({ document }) => document.languageId === "tule");
  if (!editor) {
    void vscode.window.showInformationMessage("Open a query file to insert into.");
    return;
  }
  await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  await editor.insertSnippet(new vscode.SnippetString(text.replace(/[$\\}]/gu, "\\$&")));
}

async function openCard({ datasets, pages }: Parts, node: Node | undefined): Promise<void> {
  const entry = node?.kind === "dataset" ? node.entry : await pick(datasets);
  if (!entry) return;
  const card = await datasets.card(entry);
  if (card) await pages.show(`card/${card.host}/${card.id}`, card.title === "" ? card.name : card.title, card.markdown);
  else void vscode.window.showInformationMessage("Nothing is known of this dataset.");
}

async function openOnPortal({ datasets }: Parts, node: Node | undefined): Promise<void> {
  if (node?.kind !== "dataset") return;
  const card = await datasets.card(node.entry);
  const address = card?.url;
  if (address && /^https?:\/\//iu.test(address)) await vscode.env.openExternal(vscode.Uri.parse(address, true));
  else void vscode.window.showInformationMessage("This dataset has no page of its own.");
}

async function pick(datasets: DatasetsView): Promise<DatasetEntry | undefined> {
  const entries = (await datasets.entries()).datasets;
  const items = entries.map((entry) => ({ label: entry.name ?? entry.id, description: entry.title ?? "", entry }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage("No dataset is locked yet: search for one in the Datasets view.");
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder: "Dataset", matchOnDescription: true }))?.entry;
}

/** A new file of the project, for only a file on disk belongs to one. */
async function newQuery({ datasets }: Parts, node: Node | undefined): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const entry = node?.kind === "dataset" ? node.entry : await pick(datasets);
  if (!entry || !folder) return;
  const queries = vscode.Uri.joinPath(folder, "queries");
  const place = await exists(queries) ? queries : folder;
  const stem = (entry.name ?? entry.id).replace(/[^\p{L}\p{N}_-]+/gu, "_");
  let uri = vscode.Uri.joinPath(place, `${stem}.tule`);
  for (let copy = 2; await exists(uri); copy += 1) uri = vscode.Uri.joinPath(place, `${stem}_${copy}.tule`);
  await vscode.workspace.fs.writeFile(uri, new Uint8Array());
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  const snippet = new vscode.SnippetString("from ").appendText(inQuery(entry)).appendText("\nselect ");
  await editor.insertSnippet(snippet.appendPlaceholder("*").appendText("\nlimit ").appendPlaceholder("100").appendText(";\n"));
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(() => true, () => false);
}

async function logIn({ server, datasets, tokens }: Parts): Promise<void> {
  const known = await datasets.entries().then((found) => found.datasets.map((entry) => entry.host), () => []);
  const hosts = [...new Set([...known, ...tokens.hosts()])].filter((host) => hostOf(host) === host).sort();
  const other = "Another host…";
  const chosen = await vscode.window.showQuickPick([...hosts, other], { title: "Log in", placeHolder: "The portal that the app token is for" });
  const typed = chosen === other
    ? await vscode.window.showInputBox({
      title: "Log in", prompt: "The portal's host", placeHolder: "data.example.gov", ignoreFocusOut: true,
      validateInput: (text) => (hostOf(text) === undefined ? "a host such as data.example.gov is needed" : undefined),
    })
    : chosen;
  const host = typed === undefined ? undefined : hostOf(typed);
  if (host === undefined) return;
  const token = await vscode.window.showInputBox({
    title: `Log in to ${host}`, prompt: "App token, from the portal's profile page. It is kept in the editor's secret storage and sent to this host alone.",
    password: true, ignoreFocusOut: true,
    validateInput: (text) => (isToken(text.trim()) ? undefined : "an app token is one word of letters and digits"),
  });
  if (token === undefined) return;
  await tokens.keep(host, token.trim());
  await server.restart();
  void vscode.window.showInformationMessage(vscode.workspace.isTrusted
    ? `The token is kept and goes to ${host} alone.`
    : `The token is kept. It is used once this folder is trusted.`);
}

async function logOut({ server, tokens }: Parts): Promise<void> {
  const hosts = tokens.hosts();
  if (hosts.length === 0) {
    void vscode.window.showInformationMessage("No token is kept.");
    return;
  }
  const host = await vscode.window.showQuickPick(hosts, { title: "Log out", placeHolder: "The portal whose token is forgotten" });
  if (host === undefined) return;
  await tokens.forget(host);
  await server.restart();
  void vscode.window.showInformationMessage(`The token of ${host} is gone.`);
}

async function showMenu(): Promise<void> {
  const entries: [label: string, command: string][] = [
    ["$(play) Run Statement", "tule.runStatement"],
    ["$(refresh) Refresh Schemas", "tule.refreshSchemas"],
    ["$(search) Search Datasets…", "tule.searchDatasets"],
    ["$(cloud-download) Import a Portal URL…", "tule.importUrl"],
    ["$(key) Log In to a Portal…", "tule.logIn"],
    ["$(debug-restart) Restart Language Server", "tule.restartServer"],
    ["$(output) Show Output", "tule.showOutput"],
  ];
  const items = entries.map(([label, command]) => ({ label, command }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: "Tule" });
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}
