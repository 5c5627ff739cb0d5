// Guidelines as a person edits them: what is in force, what differs, what the service would refuse.
import { listAt, pairsAt, textAt } from "./approval/evidence";

export interface Guideline {
  text: string;
  examples: string[];
  /** Ids of decided cases. */
  cases: string[];
}

/** By the label, or by what else the task's answers name. */
export type Guidelines = Record<string, Guideline>;

export const MOST_TEXT = 2000;
export const MOST_EXAMPLE = 500;
export const MOST_LISTED = 5;
/** Characters of all guidelines of a task together. */
export const MOST_IN_ALL = 20_000;
const CASE_ID = /^[a-z2-7]{26}$/;

export const NOTHING: Guideline = { text: "", examples: [], cases: [] };

const words = (values: unknown[]) => values.filter((value): value is string => typeof value === "string");

/** Those of a definition, which is free JSON. */
export function guidelinesOf(definition: unknown): Guidelines {
  return Object.fromEntries(pairsAt(definition, "guidelines").map(([name, said]) => [name, { text: textAt(said, "text") ?? "", examples: words(listAt(said, "examples")), cases: words(listAt(said, "cases")) }]));
}

function isNothing({ text, examples, cases }: Guideline): boolean {
  return text === "" && examples.length === 0 && cases.length === 0;
}

/** Without what was left empty. */
function tidied({ text, examples, cases }: Guideline): Guideline {
  return { text: text.trim(), examples: examples.map((each) => each.trim()).filter((each) => each !== ""), cases };
}

/** Those in force with the edits in their place; one that was emptied is gone. */
export function edited(inForce: Guidelines, edits: Guidelines): Guidelines {
  const all = { ...inForce, ...Object.fromEntries(Object.entries(edits).map(([name, one]) => [name, tidied(one)])) };
  return Object.fromEntries(Object.entries(all).filter(([, one]) => !isNothing(one)));
}

/** The names whose guideline differs, in the order of `names`; others behind. */
export function changedNames(before: Guidelines, after: Guidelines, names: string[] = []): string[] {
  const known = [...new Set([...names, ...Object.keys(before), ...Object.keys(after)])];
  return known.filter((name) => JSON.stringify(before[name] ?? NOTHING) !== JSON.stringify(after[name] ?? NOTHING));
}

/** The whole definition with other guidelines; lists of nothing are left out, as in a file. */
export function withGuidelines(definition: Record<string, unknown>, guidelines: Guidelines): Record<string, unknown> {
  const said = Object.entries(guidelines).map(([name, { text, examples, cases }]) => [name, { text, ...(examples.length > 0 ? { examples } : {}), ...(cases.length > 0 ? { cases } : {}) }]);
  return { ...definition, guidelines: Object.fromEntries(said) };
}

export type GuidelineProblem = "text" | "case";

/** What the service would refuse of one guideline. */
export function problemOf(one: Guideline): GuidelineProblem | null {
  const { text, examples, cases } = tidied(one);
  if (text === "" && examples.length + cases.length > 0) return "text";
  return cases.every((id) => CASE_ID.test(id)) ? null : "case";
}

export function charsOf(guidelines: Guidelines): number {
  return Object.values(guidelines).reduce((sum, { text, examples }) => sum + text.length + examples.reduce((all, each) => all + each.length, 0), 0);
}

/** The name that a refusal is about, by the place that it names: `/guidelines/spam/text`. Points in a name stand as slashes there. */
export function refusedName(pointer: string, names: string[]): string | null {
  const meant = names.filter((name) => `${pointer}/`.startsWith(`/guidelines/${name.replaceAll(".", "/")}/`));
  return meant.sort((a, b) => b.length - a.length)[0] ?? null;
}
