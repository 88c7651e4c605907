// Where the program is, and whether it is new enough. VS Code and the disk come in as arguments, so
// that tests can have their own.

import { posix, win32, type PlatformPath } from "node:path";

/** The oldest program that has everything the extension asks of it. */
export const OLDEST = "0.1.0";

export interface Surroundings {
  /** The setting `tule.path`; empty where it is not set. */
  readonly setting: string;
  readonly extensionFolder: string;
  readonly workspaceFolder: string | undefined;
  readonly home: string;
  readonly searchPath: string;
  readonly platform: NodeJS.Platform;
}

export interface Candidate {
  readonly path: string;
  readonly from: "setting" | "extension" | "PATH";
}

/** The places to look at, best first. A setting is meant: nothing else is tried beside it. */
export function candidates(around: Surroundings): readonly Candidate[] {
  const windows = around.platform === "win32";
  const paths = windows ? win32 : posix;
  const name = windows ? "tule.exe" : "tule";
  if (around.setting !== "") return [{ path: expand(around, paths), from: "setting" }];
  const found: Candidate[] = [{ path: paths.join(around.extensionFolder, "dist", "server", name), from: "extension" }];
  for (const folder of around.searchPath.split(windows ? ";" : ":")) {
    // A relative entry would mean a file of the folder that is open, which may be anybody's.
    if (paths.isAbsolute(folder)) found.push({ path: paths.join(folder, name), from: "PATH" });
  }
  return found;
}

function expand(around: Surroundings, paths: PlatformPath): string {
  const { setting, home, workspaceFolder } = around;
  if (setting.startsWith("~/")) return paths.join(home, setting.slice(2));
  return setting.replaceAll("${workspaceFolder}", workspaceFolder ?? ".");
}

/** The version in what `tule --version` prints. */
export function versionOf(printed: string): string | undefined {
  return /^tule (\d+\.\d+\.\d+)/u.exec(printed.trim())?.[1];
}

/** Whether a version is older than another; both of three numbers. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string): number[] => text.split(".").map(Number);
  const wanted = numbers(than);
  for (const [index, part] of numbers(version).entries()) {
    const other = wanted[index] ?? 0;
    if (part !== other) return part < other;
  }
  return false;
}
