// Where the program is looked for, tokens, settings and small texts.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { candidates, isOlder, versionOf, type Surroundings } from "../../src/locate.ts";
import { serverSettings } from "../../src/settings.ts";
import { age, fault, fileName, find, quoted, RESERVED, titleOf } from "../../src/text.ts";
import { hostOf, isToken, Tokens } from "../../src/tokens.ts";

const AROUND: Surroundings = {
  setting: "", extensionFolder: "/ext", workspaceFolder: "/city", home: "/home/u", searchPath: "/usr/bin:.:bin::/opt/bin", platform: "linux",
};

test("the program: the setting, then the extension's own, then PATH without relative folders", () => {
  assert.deepEqual(candidates(AROUND).map(({ path }) => path), ["/ext/dist/server/tule", "/usr/bin/tule", "/opt/bin/tule"]);
  assert.deepEqual(candidates({ ...AROUND, setting: "~/t/tule" }), [{ path: "/home/u/t/tule", from: "setting" }]);
  assert.deepEqual(candidates({ ...AROUND, setting: "${workspaceFolder}/t" }), [{ path: "/city/t", from: "setting" }]);
  const windows = candidates({ ...AROUND, platform: "win32", extensionFolder: "C:\\e", searchPath: "C:\\t;.;tools" });
  assert.deepEqual(windows.map(({ path }) => path), ["C:\\e\\dist\\server\\tule.exe", "C:\\t\\tule.exe"]);
});

test("versions are compared by number", () => {
  assert.equal(versionOf("tule 0.10.2\n"), "0.10.2");
  assert.equal(versionOf("rule 0.10.2"), undefined);
  assert.ok(isOlder("0.9.9", "0.10.0") && isOlder("0.0.9", "0.1.0"));
  assert.ok(!isOlder("0.1.0", "0.1.0") && !isOlder("1.0.0", "0.9.9"));
});

test("the server is told what is set, whether it is trusted, and that rows are shown here", () => {
  const given: Record<string, unknown> = { codeLens: false, maxRows: 5.5, trusted: true, results: "server" };
  const settings = serverSettings((key) => given[key], false);
  assert.deepEqual(settings, {
    codeLens: false, inlayHints: true, fetchSchemas: true, maxRows: 5, trusted: false, results: "client", status: true,
  });
  for (const maxRows of [0, -1, "9", null, Number.NaN]) {
    assert.equal(serverSettings((key) => (key === "maxRows" ? maxRows : undefined), true).maxRows, 100_000);
  }
  assert.equal(serverSettings(() => 1e9, true).maxRows, 1_000_000);
});

function tokens(): Tokens {
  const secrets = new Map<string, string>();
  const memory = new Map<string, unknown>();
  return new Tokens({
    get: (key) => Promise.resolve(secrets.get(key)),
    store: (key, value) => { secrets.set(key, value); return Promise.resolve(); },
    delete: (key) => { secrets.delete(key); return Promise.resolve(); },
  }, {
    get: (key) => memory.get(key),
    update: (key, value) => {
      assert.ok(!JSON.stringify(value).includes("s3cret"), "no token in the open");
      memory.set(key, value);
      return Promise.resolve();
    },
  });
}

test("tokens go into the environment with their host, and only where the workspace is trusted", async () => {
  const kept = tokens();
  assert.deepEqual(await kept.environment(true), {});
  await kept.keep("b.example:8443", "s3cret2");
  await kept.keep("a.example", "s3cret1");
  await kept.keep("a.example", "s3cret3");
  assert.deepEqual(await kept.environment(false), {});
  assert.deepEqual(await kept.environment(true), { TULE_TOKENS: "a.example=s3cret3 b.example:8443=s3cret2" });
  await kept.forget("a.example");
  assert.deepEqual(kept.hosts(), ["b.example:8443"]);
  assert.deepEqual(await kept.environment(true), { TULE_TOKENS: "b.example:8443=s3cret2" });
});

test("hosts and tokens that could mean something else are refused", async () => {
  assert.equal(hostOf(" https://Data.Example.gov/d/x "), "data.example.gov");
  assert.equal(hostOf("127.0.0.1:8080"), "127.0.0.1:8080");
  for (const text of ["", "word", "https://user:pw@a.example", "a b.example", "https://"]) assert.equal(hostOf(text), undefined, text);
  for (const text of ["", "two words", "line\nbreak", "ünï", "x".repeat(4097)]) assert.ok(!isToken(text), text.slice(0, 9));
  const kept = tokens();
  await kept.keep("a.example", "x evil.example=x");
  assert.deepEqual(await kept.environment(true), {}, "a token cannot smuggle in a host");
});

test("ages in words", () => {
  const now = Date.parse("2026-06-15T12:00:00Z");
  for (const [date, words] of [
    ["2026-06-15", "today"], ["2026-06-14", "yesterday"], ["2026-06-01", "14 days ago"], ["2026-01-15", "5 months ago"],
    ["2023-06-15", "3 years ago"], ["2026-06-16", "today"], ["soon", undefined],
  ] as const) assert.equal(age(date, now), words, date);
});

test("names get back-quotes where a query needs them", () => {
  for (const name of ["beat", "_x1", ":id", ":@computed"]) assert.equal(quoted(name), name);
  for (const name of ["order", "LIMIT", "police-calls", "1st", "with space", "$x"]) assert.equal(quoted(name), `\`${name}\``);
});

test("the reserved words are those of the compiler", (context) => {
  const source = new URL("../../../../crates/tule-syntax/src/token.rs", import.meta.url);
  if (!existsSync(source)) {
    context.skip("not in the project's tree");
    return;
  }
  const table = /\n {4}reserved \{\n(.*?)\n {4}\}/su.exec(readFileSync(source, "utf8"))?.[1] ?? "";
  const words = [...table.matchAll(/\w+ "([a-z]+)"/gu)].map((match) => match[1]);
  assert.ok(words.length > 30);
  assert.deepEqual([...RESERVED].sort(), words.sort());
});

test("titles and file names", () => {
  assert.equal(titleOf("calls", "/q/a.tule", 4), "calls");
  assert.equal(titleOf(null, "/q/a.tule", 4), "a.tule:5");
  assert.equal(fileName("a.tule:5", "csv"), "a_5.csv");
  assert.equal(fileName("../../etc", "csv"), "etc.csv");
  assert.equal(fileName("<>", "json"), "result.json");
});

test("a statement is found again, unless it could be another", () => {
  assert.equal(find("a; b;", "b;", 3), 3);
  assert.equal(find("-- new\na; b;", "b;", 3), 10);
  assert.equal(find("b; b;", "b;", 1), undefined);
  assert.equal(find("c;", "b;", 0), undefined);
});

test("values of parameters are looked at before they are sent", () => {
  assert.equal(fault("number", "1e3", true), undefined);
  assert.equal(fault("number", "1,5", true), "a number is needed");
  assert.equal(fault("boolean", "yes", true), "true or false is needed");
  assert.equal(fault("text", "", true), "a value is needed");
  assert.equal(fault("text", "", false), undefined);
});
