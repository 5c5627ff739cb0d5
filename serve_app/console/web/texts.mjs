// Finds text that people would read outside of the catalogue (src/messages): such text stands in one language only. Prints it and fails.
import { transformSync } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const STRING = /(["'])(?:\\.|(?!\1)[^\\\n])*\1|`(?:\\.|[^\\`])*`/g;
/** Attributes whose value people see or hear. */
const SEEN = /^(children|title|aria-label|aria-description|aria-roledescription|placeholder|alt|label|caption|button|empty|total|basis|name)$/;
/** Attributes and fields whose value nobody reads. */
const UNSEEN = /^(class|d|viewBox|transform|preserveAspectRatio|points|sizes|accept|rel|pattern|aria-labelledby|aria-describedby|aria-keyshortcuts|aria-controls|autocomplete)$/;

/** The string literals of a module, each with the name that it is given to, where it has one. */
function literals(code) {
  return [...code.matchAll(STRING)].map((found) => {
    const before = code.slice(Math.max(0, found.index - 60), found.index);
    const after = code.slice(found.index + found[0].length, found.index + found[0].length + 2);
    const said = found[0].slice(1, -1).replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…");
    return { said, name: /"?([\w-]+)"?:\s*(?:\[\s*)?$/.exec(before)?.[1] ?? "", before, after };
  });
}

/** Whether a literal reads as words of a language. */
function isText({ said, name, before, after }) {
  if (UNSEEN.test(name) || /\/v1\/|^[/.#]|^(GET|POST|PUT|DELETE|PATCH) /.test(said)) return false;
  if (/(import|from|[!=]==|case|return \/\*) ?$/.test(before) || (after.startsWith(":") && !/\? *$/.test(before))) return false;
  if (SEEN.test(name)) return /\p{L}{2}/u.test(said);
  return /\p{L}+,? \p{L}{2,}/u.test(said) || /^\p{Lu}\p{Ll}{2,}[.…!?:]?$/u.test(said);
}

function textsOf(source, file = "") {
  const { code } = transformSync(source, { loader: file.endsWith("x") ? "tsx" : "ts", jsx: "automatic", jsxImportSource: "preact" });
  return literals(code).filter(isText).map(({ said }) => said);
}

/** Words of protocols, of the keyboard and of developers that read like text. */
const KNOWN = new Set(JSON.parse(readFileSync("texts-known.json", "utf8")));

// A scan that finds nothing in this would find nothing anywhere.
const sample = 'const Sample = () => <p title={isOpen ? "Two words" : said.other} class="panel wide">Hello there</p>;';
if (textsOf(sample, "sample.tsx").join() !== "Two words,Hello there") throw new Error("the scan does not see the text of a sample");

// The stories are for who changes the console: their text is made up.
const files = readdirSync("src", { recursive: true }).filter((file) => /\.tsx?$/.test(file) && !file.startsWith("messages") && !file.startsWith("stories") && file !== "api-types.ts");
const found = files.flatMap((file) => textsOf(readFileSync(join("src", file), "utf8"), file).filter((said) => !KNOWN.has(said)).map((said) => `${file}: ${said}`));
for (const each of found) console.log(each);
console.log(`${files.length} files; texts outside the catalogue: ${found.length}`);
process.exit(found.length > 0 ? 1 : 0);
