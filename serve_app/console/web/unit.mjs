// Runs the unit tests of the console's pure parts with Node's own runner: each is bundled first, so that it imports as the pages do.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "console-unit-"));
const tests = readdirSync("tests").filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: tests.map((name) => `tests/${name}`),
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  // What the modules touch of a page while they are loaded.
  banner: {
    js: `globalThis.location = { hash: "", pathname: "/", search: "", origin: "http://hitl" };
globalThis.localStorage = { getItem: () => null, setItem: () => undefined };
globalThis.document = { documentElement: { dataset: {} }, addEventListener: () => undefined, querySelector: () => null };
globalThis.window = { addEventListener: () => undefined, setInterval: () => 0, clearInterval: () => undefined, setTimeout, clearTimeout };
globalThis.navigator ??= { language: "en" };
globalThis.HTMLElement ??= class {};`,
  },
});
const ran = spawnSync(process.execPath, ["--test", ...tests.map((name) => join(folder, name.replace(".ts", ".mjs")))], { stdio: "inherit" });
rmSync(folder, { recursive: true });
process.exit(ran.status ?? 1);
