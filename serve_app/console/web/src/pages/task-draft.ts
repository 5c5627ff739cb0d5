// A first task file from labelled rows, worked out in the browser; the same rules as `hitl tasks new`.

const FEWEST_ROWS = 8;
/** Different words of a column that is a choice. One with more is a text. */
const MOST_VALUES = 50;
/** Of a number's range, beyond the smallest and the largest that the rows have. */
const MARGIN = 0.1;
const LONGEST_TEXT = 100_000;

export type Column = { name: string; cells: string[] };

/** Why no task can be drafted; `what` may name the column or the number that is wrong. */
export type DraftProblem = { problem: "rows" | "header" | "labels" | "columns" | "text"; what: string };

export type DraftField = { name: string; kind: "number"; min: number; max: number } | { name: string; kind: "choice"; values: string[] } | { name: string; kind: "text"; maxChars: number };

export interface TaskDraft {
  fields: DraftField[];
  /** Each label with its number of rows, the most frequent first. */
  labels: [string, number][];
  rows: number;
}

/** Rows of RFC 4180 text: quoted cells may hold commas, quotes and line breaks. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (isQuoted && sign === '"' && text[at + 1] === '"') cell += text[(at += 1)];
    else if (sign === '"' && (isQuoted || cell === "")) isQuoted = !isQuoted;
    else if (isQuoted) cell += sign;
    else if (sign === ",") cell = (row.push(cell), "");
    else if (sign === "\n") endRow();
    else if (sign !== "\r") cell += sign;
  }
  if (cell !== "" || row.length > 0) endRow();
  return rows;
}

export function columnsOf(text: string): Column[] | DraftProblem {
  const [header = [], ...rows] = parseCsv(text.replace(/^\ufeff/, ""));
  if (rows.length < FEWEST_ROWS || rows.some((row) => row.length !== header.length)) return { problem: "rows", what: String(rows.length) };
  if (new Set(header).size !== header.length || header.includes("")) return { problem: "header", what: "" };
  return header.map((name, at) => ({ name, cells: rows.map((row) => row[at] ?? "") }));
}

export function draftOf(columns: Column[], label: string): TaskDraft | DraftProblem {
  const labels = counted(columns.find((column) => column.name === label)?.cells ?? []);
  if (labels.length < 2 || labels.length > MOST_VALUES) return { problem: "labels", what: String(labels.length) };
  const others = columns.filter((column) => column.name !== label);
  if (others.length === 0) return { problem: "columns", what: "" };
  const fields = others.map(fieldOf);
  const long = fields.find((field) => field.kind === "text");
  if (long && fields.length > 1) return { problem: "text", what: long.name };
  return { fields, labels, rows: others[0]?.cells.length ?? 0 };
}

function counted(cells: string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function isNumeric(cells: string[]): boolean {
  return cells.every((cell) => cell.trim() !== "" && Number.isFinite(Number(cell)));
}

function fieldOf({ name, cells }: Column): DraftField {
  if (isNumeric(cells)) return { name, kind: "number", ...rangeOf(cells.map(Number)) };
  const values = [...new Set(cells)].sort();
  if (values.length <= MOST_VALUES) return { name, kind: "choice", values };
  return { name, kind: "text", maxChars: Math.min(LONGEST_TEXT, 2 * longest(cells)) };
}

function longest(cells: string[]): number {
  return cells.reduce((most, cell) => Math.max(most, cell.length), 0);
}

/** What the rows have and a tenth beyond, in round numbers; never below 0 where the rows never are. */
function rangeOf(numbers: number[]): { min: number; max: number } {
  const low = numbers.reduce((least, each) => Math.min(least, each));
  const high = numbers.reduce((most, each) => Math.max(most, each));
  const margin = MARGIN * (high - low || Math.abs(high) || 1);
  const step = 10 ** Math.floor(Math.log10(margin));
  const first = low >= 0 && low < margin ? 0 : Math.floor((low - margin) / step) * step;
  return { min: round(first), max: round(Math.ceil((high + margin) / step) * step) };
}

function round(value: number): number {
  return Number(value.toFixed(9));
}

export interface TaskWish {
  name: string;
  question: string;
  label: string;
  /** The share of automatic decisions that may be wrong; null: uncertified. */
  risk: number | null;
  file: string;
}

/** The definition, as the service takes it. */
export function taskBody(draft: TaskDraft, wish: TaskWish): { task: string } & Record<string, unknown> {
  const title = wish.name.replace(/[_-]/g, " ");
  return {
    task: wish.name,
    title: title.charAt(0).toUpperCase() + title.slice(1),
    description: wish.question,
    input: inputOf(draft.fields),
    labels: draft.labels.map(([label]) => label).sort(),
    data: {
      source: wish.file,
      ...(wish.label === "label" ? {} : { form: { label_column: wish.label } }),
      seed: 0,
      initial_rows: Math.floor(draft.rows / 2),
      holdout_rows: Math.floor(draft.rows / 4),
    },
    model: { family: "sklearn.linear_model.LogisticRegression" },
    risk: wish.risk === null ? "uncertified" : { level: wish.risk, confidence: 0.9 },
  };
}

function inputOf(fields: DraftField[]): { kind: string } & Record<string, unknown> {
  const [first] = fields;
  if (first?.kind === "text") return { kind: "text", field: first.name, max_chars: first.maxChars };
  return { kind: "fields", fields: fields.map(declared) };
}

function declared(field: DraftField): Record<string, unknown> {
  if (field.kind === "choice") return { name: field.name, values: field.values };
  return field.kind === "number" ? { name: field.name, min: field.min, max: field.max } : {};
}

const HEAD = "# Drafted from labelled rows: look at each line, above all at the bounds and at who reads this. docs/task-file.md has every key.";

/** The definition as a task file. Everything that comes from the rows or from a person is a quoted scalar, so that no word of it is YAML. */
export function taskFile(draft: TaskDraft, wish: TaskWish): string {
  const parts = Object.entries(taskBody(draft, wish)).map(([key, value]) => (key === "input" ? inputLines(inputOf(draft.fields)) : `${key}: ${flow(value)}`));
  return [HEAD, ...parts, ""].join("\n");
}

/** Each field on a line of its own. */
function inputLines({ fields, ...others }: Record<string, unknown>): string {
  if (!Array.isArray(fields)) return `input: ${flow(others)}`;
  return [`input:`, `  kind: fields`, `  fields:`, ...fields.map((field) => `    - ${flow(field)}`)].join("\n");
}

/** A value in the flow style of YAML; keys are names of ours. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const pairs = Object.entries(value).map(([key, part]) => `${key}: ${flow(part)}`);
    return `{${pairs.join(", ")}}`;
  }
  return typeof value === "number" ? plain(value) : quoted(String(value));
}

/** JSON strings are YAML's double-quoted scalars. */
function quoted(said: string): string {
  return JSON.stringify(said).replace(/[\u007f-\u009f\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A power of ten needs a point: YAML reads 1e-7 as a word. */
function plain(value: number): string {
  return String(value).replace(/^(-?\d+)e/, "$1.0e");
}

/** The entries of the page. */
export type Entry = "name" | "question" | "label" | "risk" | "file";

const ENTRIES: [RegExp, Entry][] = [
  [/^\/(task|title)(\/|$)/, "name"],
  [/^\/description(\/|$)/, "question"],
  [/^\/(labels|answer|data\/form)(\/|$)/, "label"],
  [/^\/(risk|policy)(\/|$)/, "risk"],
  [/^\/(input|data)(\/|$)/, "file"],
];

/** The entry that a refusal at a key of the definition is about; null: none of them. */
export function entryOf(pointer: string): Entry | null {
  return ENTRIES.find(([keys]) => keys.test(pointer))?.[1] ?? null;
}

export function isProblem(found: object): found is DraftProblem {
  return "problem" in found;
}
