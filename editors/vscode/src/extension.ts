// Where the extension begins: it makes the parts and connects them.

import * as vscode from "vscode";
import { register, takeover, type Parts } from "./commands.ts";
import { DatasetsView } from "./datasets.ts";
import { Pages } from "./pages.ts";
import { ResultsView } from "./results.ts";
import { asRange, locate, Statements, type Origin } from "./run.ts";
import { Server } from "./server.ts";
import { statusBar } from "./status.ts";
import { Tokens } from "./tokens.ts";

let running: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const tokens = new Tokens(context.secrets, context.globalState);
  const results = new ResultsView(context.extensionUri);
  const pages = new Pages();
  const server: Server = new Server(context, tokens, takeover(() => parts));
  const datasets = new DatasetsView(server);
  const statements = new Statements(server, results, context.workspaceState);
  const parts: Parts = { server, statements, datasets, tokens, pages };
  running = server;
  results.listen({
    export: (origin, format) => { void statements.exportResult(origin, format); },
    reveal: (origin) => { void goTo(origin); },
  });
  context.subscriptions.push(
    server,
    pages.register(),
    register(parts),
    statusBar(server),
    server.onStart(() => { datasets.refresh(); }),
    vscode.window.registerTreeDataProvider(DatasetsView.id, datasets),
    vscode.window.registerWebviewViewProvider(ResultsView.id, results, { webviewOptions: { retainContextWhenHidden: true } }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => { void server.restart(); }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("tule.path")) void server.restart();
      else if (change.affectsConfiguration("tule")) void server.configure();
    }),
    watchLock(datasets),
  );
  await server.restart();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

/** Shows the view anew when somebody else, `tule lock` say, writes the project's files. */
function watchLock(datasets: DatasetsView): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher("**/tule.{toml,lock}");
  const refresh = (): void => { datasets.refresh(); };
  return vscode.Disposable.from(watcher, watcher.onDidChange(refresh), watcher.onDidCreate(refresh), watcher.onDidDelete(refresh));
}

async function goTo(origin: Origin): Promise<void> {
  const place = await locate(origin);
  const document = await vscode.workspace.openTextDocument(origin.uri);
  const start = place?.position;
  await vscode.window.showTextDocument(document, start ? { selection: asRange({ start, end: start }) } : {});
}
