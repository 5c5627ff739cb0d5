// Builds the console into ../dist: one script and one style sheet named by their content, and the page that loads them.
// Prints the bundle's size and what the first load requests; fails above the budget.
import { build } from "esbuild";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = "../dist";
const BUDGET_GZIPPED = 200_000;

rmSync(DIST, { recursive: true, force: true });
mkdirSync(`${DIST}/assets`, { recursive: true });
const result = await build({
  entryPoints: { console: "src/main.tsx", style: "src/style.css", icon: "src/icon.svg" },
  outdir: `${DIST}/assets`,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  loader: { ".svg": "copy" },
  metafile: true,
});
const outputs = Object.keys(result.metafile.outputs).map((path) => basename(path));
const script = outputs.find((name) => name.startsWith("console-") && name.endsWith(".js"));
const style = outputs.find((name) => name.startsWith("style-") && name.endsWith(".css"));
const icon = outputs.find((name) => name.startsWith("icon-"));
const page = readFileSync("src/index.html", "utf8").replace("{{script}}", script).replace("{{style}}", style).replace("{{icon}}", icon);
writeFileSync(`${DIST}/index.html`, page);

const requests = [["/", page], ...[style, script, icon].map((name) => [`/assets/${name}`, readFileSync(`${DIST}/assets/${name}`)])];
const rows = requests.map(([path, body]) => ({ path, bytes: Buffer.byteLength(body), gzipped: gzipSync(body, { level: 9 }).length }));
const total = rows.reduce((sum, row) => sum + row.gzipped, 0);
writeFileSync(`${DIST}/build.json`, JSON.stringify({ requests: rows, gzipped: total, budget: BUDGET_GZIPPED }, null, 1));
console.table(rows);
console.log(`first load: ${rows.length} requests, ${total} bytes gzipped (budget ${BUDGET_GZIPPED}), no other origin`);
if (total > BUDGET_GZIPPED) process.exit(1);
