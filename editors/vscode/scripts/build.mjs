// Bundles the extension and the results panel, and brings in what other parts of the project own:
// the TextMate grammar, the licences and, where one was put there, the program itself.
import { access, copyFile, cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import * as esbuild from "esbuild";

const root = new URL("../", import.meta.url);
const project = new URL("../../", root);
const watch = process.argv.includes("--watch");
const path = (relative, base = root) => decodeURIComponent(new URL(relative, base).pathname);

const exists = (file) => access(file).then(() => true, () => false);

/** What is copied from the rest of the project. */
const BORROWED = [
  [path("grammar/textmate/tule.tmLanguage.json", project), path("dist/tule.tmLanguage.json")],
  [path("LICENSE-MIT", project), path("dist/LICENSE-MIT")],
  [path("LICENSE-APACHE", project), path("dist/LICENSE-APACHE")],
];

const common = { bundle: true, minify: !watch, sourcemap: watch ? "linked" : false, logLevel: "warning", legalComments: "none" };

const extension = {
  ...common,
  entryPoints: [path("src/extension.ts")],
  outfile: path("dist/extension.cjs"),
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
};

const panel = {
  ...common,
  entryPoints: [path("src/panel/main.ts"), path("src/panel/panel.css")],
  outdir: path("dist/panel"),
  entryNames: "panel",
  platform: "browser",
  format: "iife",
  target: "chrome124",
};

await rm(path("dist"), { recursive: true, force: true });
await mkdir(path("dist"), { recursive: true });
for (const [from, to] of BORROWED) {
  if (!(await exists(from))) {
    console.error(`cannot build: \`${from}\` is missing`);
    process.exit(1);
  }
  await copyFile(from, to);
}
if (await exists(path("server"))) await cp(path("server"), path("dist/server"), { recursive: true });

if (watch) {
  for (const options of [extension, panel]) await (await esbuild.context(options)).watch();
} else {
  const built = await Promise.all([extension, panel].map((options) => esbuild.build({ ...options, metafile: true })));
  await writeFile(path("dist/THIRD-PARTY.txt"), await notices(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))));
}

/** The licences of the packages that went into the bundles, as those ask for. */
async function notices(inputs) {
  const packages = new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/u.exec(input)?.[1] ?? []));
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = path(`node_modules/${name}/`);
    const { version, license } = JSON.parse(await readFile(`${folder}package.json`, "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/iu.test(entry));
    texts.push(`${name} ${version} (${license})\n\n${file ? await readFile(folder + file, "utf8") : ""}`);
  }
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}
