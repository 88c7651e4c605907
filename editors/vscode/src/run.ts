// Statements: found at a place, given values for their parameters, run, compiled and written to
// files. What is shown of them is other modules' business.

import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { ExportFormat } from "./messages.ts";
import type { Compiled, Exported, Place, RunResult, Statement, StatementParams, Values } from "./protocol.ts";
import type { ResultsView } from "./results.ts";
import { placeOf, wording, type Server } from "./server.ts";
import { fault, fileName, find, titleOf } from "./text.ts";
import { count } from "./panel/values.ts";

/** A statement that can be run: it has no errors, and its parameters have values. */
interface Ready {
  readonly document: vscode.TextDocument;
  readonly params: StatementParams & { readonly params: Values };
  readonly statement: Statement;
  readonly title: string;
}

/** What is needed to find a statement again after its file was edited. */
export interface Origin {
  readonly uri: vscode.Uri;
  readonly offset: number;
  readonly text: string;
  readonly values: Values;
  readonly title: string;
}

const FORMATS: Readonly<Record<ExportFormat, string>> = { csv: "CSV", json: "JSON", geojson: "GeoJSON" };

export class Statements {
  private readonly server: Server;
  private readonly results: ResultsView;
  private readonly memory: vscode.Memento;

  constructor(server: Server, results: ResultsView, memory: vscode.Memento) {
    this.server = server;
    this.results = results;
    this.memory = memory;
  }

  /** Runs a statement and shows its rows. */
  async run(place: Place): Promise<void> {
    const ready = await this.ready(place);
    if (ready) await this.show(ready);
  }

  /** Runs every statement of a file, in order; stops at the first that fails. */
  async runFile(document: vscode.TextDocument): Promise<void> {
    const symbols = await vscode.commands.executeCommand<(vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined>(
      "vscode.executeDocumentSymbolProvider", document.uri);
    const places = (symbols ?? []).map((symbol) => "range" in symbol ? symbol.selectionRange.start : symbol.location.range.start);
    if (places.length === 0) {
      void vscode.window.showInformationMessage("There is no statement in this file.");
      return;
    }
    places.sort((a, b) => a.compareTo(b));
    for (const position of places) {
      const ready = await this.ready({ uri: document.uri.toString(), position });
      if (!ready || !(await this.show(ready))) return;
    }
  }

  async copy(place: Place, form: "url" | "curl"): Promise<void> {
    const ready = await this.ready(place);
    if (!ready) return;
    await this.attempt(ready, async () => {
      const compiled = await this.server.request<Compiled>("tule/compile", ready.params);
      await vscode.env.clipboard.writeText(compiled[form]);
      vscode.window.setStatusBarMessage(`$(check) ${form === "url" ? "URL" : "curl command"} of ${ready.title} copied`, 4000);
    });
  }

  async plan(place: Place): Promise<string | undefined> {
    try {
      return await this.server.command<string>("tule.plan", place);
    } catch (error) {
      tell(wording(error));
      return undefined;
    }
  }

  /** Runs a statement into a file. */
  async exportAt(place: Place): Promise<void> {
    const ready = await this.ready(place);
    if (!ready) return;
    const options = Object.entries(FORMATS).map(([format, label]) => ({ label, format: format as ExportFormat }));
    const chosen = await vscode.window.showQuickPick(options, { placeHolder: "Format of the file" });
    if (chosen) await this.write(ready, chosen.format);
  }

  /** Runs the statement of a result again, into a file. */
  async exportResult(origin: Origin, format: ExportFormat): Promise<void> {
    const place = await locate(origin);
    if (!place) {
      void vscode.window.showWarningMessage(
        `${origin.title} was edited since its rows were fetched. Run it again, then export.`);
      return;
    }
    const statement = await this.statement(place);
    if (!statement) return;
    const document = await vscode.workspace.openTextDocument(origin.uri);
    await this.write({ document, statement, title: origin.title, params: { ...asParams(place), params: origin.values } }, format);
  }

  private async write(ready: Ready, format: ExportFormat): Promise<void> {
    const folder = vscode.Uri.joinPath(ready.document.uri, "..");
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder, fileName(ready.title, format)),
      filters: { [FORMATS[format]]: [format] },
    });
    if (!target) return;
    await this.attempt(ready, async () => {
      const written = await this.withProgress(`Writing ${ready.title}`, (token, workDoneToken) =>
        this.server.request<Exported>("tule/export", { ...ready.params, format, path: target.fsPath, workDoneToken }, token));
      const rows = count(written.rows, "row", "rows");
      if (written.end === "whole") {
        const open = await vscode.window.showInformationMessage(`${rows} written to ${target.fsPath}.`, "Open");
        if (open) await vscode.commands.executeCommand("vscode.open", target);
      } else {
        void vscode.window.showWarningMessage(`${rows} written to ${target.fsPath}, but the portal stopped there: \`limit all\` gets them all.`);
      }
    });
  }

  private async show(ready: Ready): Promise<boolean> {
    return this.attempt(ready, async () => {
      const origin = originOf(ready);
      await this.results.reveal();
      const result = await this.results.busy(`Running ${ready.title}`, (token, heard) =>
        this.withToken(heard, (workDoneToken) =>
          this.server.request<RunResult>("tule/run", { ...ready.params, workDoneToken }, token)));
      await this.results.show(result, origin, this.server.settings.maxRows);
    });
  }

  /** Does something with a statement and says what went wrong, where it went wrong. */
  private async attempt(ready: Ready, action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      const message = wording(error);
      if (message === undefined) return false;
      this.results.fail(ready.title, message);
      const range = placeOf(error);
      const buttons = range ? ["Show Place"] : [];
      void vscode.window.showErrorMessage(`${ready.title}: ${message}`, ...buttons).then((chosen) => {
        if (chosen && range) void vscode.window.showTextDocument(ready.document, { selection: asRange(range) });
      });
      return false;
    }
  }

  private async ready(place: Place): Promise<Ready | undefined> {
    const uri = vscode.Uri.parse(place.uri);
    const document = await vscode.workspace.openTextDocument(uri);
    const statement = await this.statement(place);
    if (!statement) return undefined;
    const title = titleOf(statement.name, uri.path, statement.range.start.line);
    if (statement.errors > 0) {
      const text = `${title} has ${count(statement.errors, "error", "errors")} and was not sent.`;
      void vscode.window.showErrorMessage(text, "Show Problems").then((chosen) => {
        if (chosen) void vscode.commands.executeCommand("workbench.actions.view.problems");
      });
      return undefined;
    }
    const values = await this.ask(statement, `${uri.path}#${statement.name ?? ""}`);
    return values && { document, statement, title, params: { ...asParams(place), params: values } };
  }

  private async statement(place: Place): Promise<Statement | undefined> {
    try {
      const statement = await this.server.request<Statement | null>("tule/statement", asParams(place));
      if (!statement) void vscode.window.showInformationMessage("There is no statement at the cursor.");
      return statement ?? undefined;
    } catch (error) {
      tell(wording(error));
      return undefined;
    }
  }

  /** Asks for the values of parameters; those of the last time are offered. */
  private async ask(statement: Statement, key: string): Promise<Values | undefined> {
    const remembered = this.memory.get<Values>(`values:${key}`) ?? {};
    const values: Record<string, string> = {};
    for (const [index, parameter] of statement.parameters.entries()) {
      const { name, type, required } = parameter;
      const usual = parameter.default === null ? "" : `, ${parameter.default} if empty`;
      const text = await vscode.window.showInputBox({
        title: `${statement.name ?? "Statement"}: $${name} (${index + 1} of ${statement.parameters.length})`,
        prompt: `${type}${usual}`,
        value: remembered[name] ?? "",
        placeHolder: parameter.default ?? type,
        ignoreFocusOut: true,
        validateInput: (typed) => fault(type, typed, required),
      });
      if (text === undefined) return undefined;
      if (text !== "") values[name] = text;
    }
    if (statement.parameters.length > 0) await this.memory.update(`values:${key}`, values);
    return values;
  }

  private async withToken<T>(heard: (text: string) => void, action: (token: string) => Promise<T>): Promise<T> {
    const token = randomUUID();
    const listening = this.server.onProgress(token, heard);
    try {
      return await action(token);
    } finally {
      listening.dispose();
    }
  }

  private withProgress<T>(title: string, action: (token: vscode.CancellationToken, workDoneToken: string) => Promise<T>): Promise<T> {
    return Promise.resolve(vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => this.withToken((message) => { progress.report({ message }); }, (work) => action(token, work)),
    ));
  }
}

function originOf({ document, statement, params, title }: Ready): Origin {
  const range = asRange(statement.range);
  return {
    uri: document.uri, offset: document.offsetAt(range.start), text: document.getText(range), values: params.params, title,
  };
}

/** Where the statement of a result is now; nothing if it was edited. */
export async function locate(origin: Origin): Promise<Place | undefined> {
  const document = await vscode.workspace.openTextDocument(origin.uri);
  const offset = find(document.getText(), origin.text, origin.offset);
  return offset === undefined ? undefined : { uri: origin.uri.toString(), position: document.positionAt(offset) };
}

export function asRange(range: Statement["range"]): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}

function asParams(place: Place): StatementParams {
  const { line, character } = place.position;
  return { textDocument: { uri: place.uri }, position: { line, character } };
}

function tell(message: string | undefined): void {
  if (message !== undefined) void vscode.window.showErrorMessage(message);
}
