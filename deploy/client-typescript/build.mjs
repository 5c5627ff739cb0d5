// Builds dist/ from src/ and the console's own types. The compiler is the console's: nothing is installed here.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, "..", "..", "serve_app", "console", "web");
const dist = process.argv[2] ?? join(here, "dist");

const sources = mkdtempSync(join(tmpdir(), "client-typescript-"));
cpSync(join(here, "src"), sources, { recursive: true });
cpSync(join(web, "src", "api-types.ts"), join(sources, "api-types.ts"));
writeFileSync(join(sources, "package.json"), '{"type": "module"}'); // ECMAScript modules, as the package says
rmSync(dist, { recursive: true, force: true });
const options = ["--strict", "--noUncheckedIndexedAccess", "--declaration", "--target", "ES2022", "--module", "NodeNext", "--lib", "ES2024,DOM"];
const compiler = join(web, "node_modules", ".bin", "tsc");
const files = ["index.ts", "api-types.ts"].map((name) => join(sources, name));
const ran = spawnSync(compiler, [...options, "--rootDir", sources, "--outDir", dist, ...files], { cwd: sources, stdio: "inherit" });
rmSync(sources, { recursive: true });
process.exit(ran.status ?? 1);
