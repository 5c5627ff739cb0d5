// Builds the console into ../dist: scripts and one style sheet named by their content, and the page that loads them. Pages beside the
// reviewer's are files of their own, which come when they are opened. Prints the sizes; fails above the budgets.
import { build } from "esbuild";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = "../dist";
const FIRST_LOAD_GZIPPED = 110_000;
const WHOLE_GZIPPED = 240_000;

rmSync(DIST, { recursive: true, force: true });
mkdirSync(`${DIST}/assets`, { recursive: true });
const result = await build({
  entryPoints: { console: "src/main.tsx", style: "src/style.css", icon: "src/icon.svg" },
  outdir: `${DIST}/assets`,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  loader: { ".svg": "copy" },
  metafile: true,
});
const named = Object.fromEntries(Object.entries(result.metafile.outputs).map(([path, output]) => [basename(path), output]));
const outputs = Object.keys(named);
const script = outputs.find((name) => name.startsWith("console-") && name.endsWith(".js"));
const style = outputs.find((name) => name.startsWith("style-") && name.endsWith(".css"));
const icon = outputs.find((name) => name.startsWith("icon-") && name.endsWith(".svg"));
const page = readFileSync("src/index.html", "utf8").replace("{{script}}", script).replace("{{style}}", style).replace("{{icon}}", icon);
writeFileSync(`${DIST}/index.html`, page);

/** A script with what it imports at once. */
function withImports(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const each of named[name].imports) if (each.kind === "import-statement") withImports(basename(each.path), found);
  return found;
}

const read = (name) => readFileSync(`${DIST}/assets/${name}`);
const sized = (path, body) => ({ path, bytes: Buffer.byteLength(body), gzipped: gzipSync(body, { level: 9 }).length });
const sum = (rows) => rows.reduce((total, row) => total + row.gzipped, 0);
const first = [sized("/", page), ...[style, icon, ...withImports(script)].map((name) => sized(`/assets/${name}`, read(name)))];
const whole = [sized("/", page), ...outputs.filter((name) => !name.startsWith("icon-") || name === icon).map((name) => sized(`/assets/${name}`, read(name)))];
writeFileSync(`${DIST}/build.json`, JSON.stringify({ requests: first, gzipped: sum(first), budget: FIRST_LOAD_GZIPPED, whole: sum(whole), whole_budget: WHOLE_GZIPPED }, null, 1));
console.table(first);
console.log(`first load: ${first.length} requests, ${sum(first)} bytes gzipped (budget ${FIRST_LOAD_GZIPPED}); whole: ${sum(whole)} (budget ${WHOLE_GZIPPED}); no other origin`);
if (sum(first) > FIRST_LOAD_GZIPPED || sum(whole) > WHOLE_GZIPPED) process.exit(1);

// The page that tries the API is no part of the console: nobody who answers reviews loads it.
const docs = await build({
  entryPoints: { "docs": "src/docs.js", "docs-style": "swagger-ui-dist/swagger-ui.css" },
  outdir: `${DIST}/assets`,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  loader: { ".svg": "dataurl" },
  metafile: true,
});
const of_docs = Object.keys(docs.metafile.outputs).map((path) => basename(path));
const docs_script = of_docs.find((name) => name.endsWith(".js"));
const docs_style = of_docs.find((name) => name.endsWith(".css"));
const docs_page = readFileSync("src/docs.html", "utf8").replace("{{script}}", docs_script).replace("{{style}}", docs_style).replace("{{icon}}", icon);
writeFileSync(`${DIST}/docs.html`, docs_page);
const notices = ["NOTICE", "LICENSE", "swagger-ui-bundle.js.LICENSE.txt"].map((name) => readFileSync(`node_modules/swagger-ui-dist/${name}`, "utf8"));
writeFileSync(`${DIST}/docs-licenses.txt`, notices.join("\n"));
console.log(`docs: ${gzipSync(read(docs_script), { level: 9 }).length} bytes of script, gzipped`);
