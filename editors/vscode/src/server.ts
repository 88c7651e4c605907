// The language server's process and the client that speaks to it: found, started, started anew
// when trust, tokens or its path change, and answered for where it is missing.

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { LanguageClient, ResponseError, State, type Executable, type LanguageClientOptions } from "vscode-languageclient/node";
import { candidates, isOlder, OLDEST, versionOf, type Candidate } from "./locate.ts";
import type { Fault, Place, Status } from "./protocol.ts";
import { serverSettings, type ServerSettings } from "./settings.ts";
import type { Tokens } from "./tokens.ts";

const INSTALL = "https://github.com/tule-lang/tule#install";
const METHOD_NOT_FOUND = -32601;

/** Takes over a command that the server announces; `undefined` leaves it to the server. */
export type Takeover = (command: string, place: Place) => Thenable<unknown> | undefined;

/** A request that cannot be made, with words for the user. */
export class Unavailable extends Error {}

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly changed = new vscode.EventEmitter<Status | undefined>();
  /** The server's status, or nothing while there is no server. */
  readonly onStatus = this.changed.event;
  private readonly started = new vscode.EventEmitter<void>();
  /** The server runs, for the first time or again. */
  readonly onStart = this.started.event;
  private turn: Promise<void> = Promise.resolve();
  readonly output: vscode.LogOutputChannel;
  private readonly context: vscode.ExtensionContext;
  private readonly tokens: Tokens;
  private readonly takeover: Takeover;

  constructor(context: vscode.ExtensionContext, tokens: Tokens, takeover: Takeover) {
    this.context = context;
    this.tokens = tokens;
    this.takeover = takeover;
    this.output = vscode.window.createOutputChannel("Tule", { log: true });
  }

  dispose(): void {
    this.changed.dispose();
    this.started.dispose();
    this.output.dispose();
  }

  /** Starts the server, or starts it anew. Calls wait for each other. */
  restart(): Promise<void> {
    this.turn = this.turn.catch(() => undefined).then(async () => {
      await this.end();
      await this.begin();
    });
    return this.turn;
  }

  stop(): Promise<void> {
    this.turn = this.turn.catch(() => undefined).then(() => this.end());
    return this.turn;
  }

  get settings(): ServerSettings {
    const section = vscode.workspace.getConfiguration("tule");
    return serverSettings((key) => section.get(key), vscode.workspace.isTrusted);
  }

  /** Tells the server that settings changed. */
  async configure(): Promise<void> {
    if (this.client?.state !== State.Running) return;
    await this.client.sendNotification("workspace/didChangeConfiguration", { settings: { tule: this.settings } });
  }

  async request<T>(method: string, params: object, token?: vscode.CancellationToken): Promise<T> {
    await this.turn;
    const { client } = this;
    if (client?.state !== State.Running) throw new Unavailable("the language server is not running");
    try {
      return await (token ? client.sendRequest<T>(method, params, token) : client.sendRequest<T>(method, params));
    } catch (error) {
      if (error instanceof ResponseError && error.code === METHOD_NOT_FOUND) {
        throw new Unavailable(`this \`tule\` is too old: it does not know \`${method}\``);
      }
      throw error;
    }
  }

  /** A command of the server's own. */
  command<T>(command: string, argument: object, token?: vscode.CancellationToken): Promise<T> {
    return this.request<T>("workspace/executeCommand", { command, arguments: [argument] }, token);
  }

  /** Hears of progress under a token; dispose of it when the request is over. */
  onProgress(token: string, heard: (text: string) => void): vscode.Disposable {
    const { client } = this;
    if (!client) return new vscode.Disposable(() => undefined);
    return client.onNotification("$/progress", (params: { token: unknown; value?: { title?: string; message?: string } }) => {
      const text = params.value?.message ?? params.value?.title;
      if (params.token === token && text !== undefined) heard(text);
    });
  }

  private async begin(): Promise<void> {
    const found = await this.locate();
    if (!found) return;
    const executable: Executable = {
      command: found.path,
      args: ["lsp"],
      options: { env: { ...process.env, ...(await this.tokens.environment(vscode.workspace.isTrusted)) } },
    };
    const client = new LanguageClient("tule", "Tule", { run: executable, debug: executable }, this.options());
    client.onNotification("tule/status", (status: Status) => { this.changed.fire(status); });
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.client = undefined;
      this.output.error(`cannot start ${found.path}: ${String(error)}`);
      void this.complain(`Tule cannot start \`${found.path}\`.`, ["Show Output"]);
      return;
    }
    this.output.info(`${found.path} (from ${found.from}), workspace ${vscode.workspace.isTrusted ? "trusted" : "not trusted"}`);
    this.started.fire();
  }

  private async end(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.changed.fire(undefined);
    if (!client) return;
    try {
      await client.dispose();
    } catch (error) {
      this.output.warn(`the server did not end as it should: ${String(error)}`);
    }
  }

  private options(): LanguageClientOptions {
    const { takeover } = this;
    const settings = (): ServerSettings => this.settings;
    return {
      documentSelector: [{ language: "tule", scheme: "file" }, { language: "tule", scheme: "untitled" }],
      initializationOptions: settings,
      outputChannel: this.output,
      markdown: { isTrusted: false, supportHtml: false },
      middleware: {
        executeCommand: (command: string, given: unknown[], next): vscode.ProviderResult<unknown> =>
          takeover(command, given[0] as Place) ?? next(command, given) as vscode.ProviderResult<unknown>,
        workspace: {
          configuration: (params, token, next) => params.items.every((item) => item.section === "tule")
            ? params.items.map(settings)
            : next(params, token),
        },
      },
    };
  }

  private async locate(): Promise<Candidate | undefined> {
    const setting = vscode.workspace.getConfiguration("tule").get<string>("path", "").trim();
    const places = candidates({
      setting,
      extensionFolder: this.context.extensionPath,
      workspaceFolder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
      home: homedir(),
      searchPath: process.env["PATH"] ?? "",
      platform: process.platform,
    });
    for (const place of places) {
      if (!(await isProgram(place.path))) continue;
      const version = await versionAt(place.path);
      if (version === undefined) {
        void this.complain(`\`${place.path}\` does not answer as Tule.`, ["Set Path", "How to Install"]);
        return undefined;
      }
      if (isOlder(version, OLDEST)) {
        void this.complain(`Tule ${version} at \`${place.path}\` is too old: ${OLDEST} or newer is needed.`, ["How to Install", "Set Path"]);
        return undefined;
      }
      return place;
    }
    const message = setting === ""
      ? "The program `tule` was not found on PATH. Queries are coloured, and nothing more, until it is installed."
      : `There is no program at \`${setting}\` (setting tule.path).`;
    void this.complain(message, ["How to Install", "Set Path"]);
    return undefined;
  }

  private async complain(message: string, buttons: readonly string[]): Promise<void> {
    this.output.error(message);
    const chosen = await vscode.window.showErrorMessage(message, ...buttons);
    if (chosen === "Set Path") await vscode.commands.executeCommand("workbench.action.openSettings", "tule.path");
    else if (chosen === "How to Install") await vscode.env.openExternal(vscode.Uri.parse(INSTALL));
    else if (chosen === "Show Output") this.output.show();
  }
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(() => true, () => false);
}

async function versionAt(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ["--version"], { timeout: 10_000 });
    return versionOf(stdout);
  } catch {
    return undefined;
  }
}

/** What went wrong, for a message; nothing where somebody cancelled. */
export function wording(error: unknown): string | undefined {
  if (error instanceof vscode.CancellationError) return undefined;
  if (error instanceof ResponseError) {
    const fault = error.data as Fault | undefined;
    if (error.code === -32800 || fault?.code === "cancelled") return undefined;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Where a fault of a statement is, if the server says so. */
export function placeOf(error: unknown): Fault["range"] {
  return error instanceof ResponseError ? (error.data as Fault | undefined)?.range : undefined;
}
