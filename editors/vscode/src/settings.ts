// What the server is told: as initialization options, and again whenever it asks or a setting
// changes. Whether the workspace is trusted comes from VS Code and cannot be set by the workspace.

export interface Settings {
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  readonly fetchSchemas: boolean;
  readonly maxRows: number;
}

export interface ServerSettings extends Settings {
  readonly trusted: boolean;
  readonly results: "client";
  readonly status: true;
}

export function serverSettings(read: (key: keyof Settings) => unknown, trusted: boolean): ServerSettings {
  const flag = (key: keyof Settings): boolean => read(key) !== false;
  const rows = read("maxRows");
  return {
    codeLens: flag("codeLens"),
    inlayHints: flag("inlayHints"),
    fetchSchemas: flag("fetchSchemas"),
    maxRows: typeof rows === "number" && rows >= 1 ? Math.min(Math.floor(rows), 1_000_000) : 100_000,
    trusted,
    results: "client",
    status: true,
  };
}
