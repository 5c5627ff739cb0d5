// What people read for a label: a side for the better one of a pair, a word for a verdict, else the label itself.
import type { TaskForm } from "../api-types";
import { text } from "../messages";

export function labelWords(form: TaskForm, label: string): string {
  const said = text.value.review;
  if (label === form.none_answer) return said.noneOfThese;
  const side = form.answer.contents.findIndex((content) => content.label === label);
  if (form.answer.kind === "pair") return side === -1 ? said.tie : (said.sides[side] ?? label);
  return (form.answer.kind === "verdict" ? said.verdicts[label] : said.values[label]) ?? label;
}

/** The labels in the order in which this person sees them: those of a pair as its contents stand. */
export function labelsInOrder(form: TaskForm): string[] {
  const sides = form.answer.contents.map((content) => content.label).filter((label) => label !== null);
  return [...sides, ...form.labels.filter((label) => !sides.includes(label))];
}
