// What people read for a label: a side for the better one of a pair, a word for a verdict, else the label itself.
import type { JudgedContent, TaskForm, TaskView } from "../api-types";
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

/** A label as it is stored, for who sees it without the task's form: what stands for a value is a word and no digest. */
export function storedLabelWords(label: string): string {
  const said = text.value.review;
  if (label === "none_of_these") return said.noneOfThese;
  return said.values[label.split(":")[0] ?? label] ?? label;
}

const OF_VALUES = ["labels", "fields", "number"];

/** Whether people answer a task with values; false while the task is not known. */
export function takesValues(task: TaskView | null): boolean {
  return OF_VALUES.includes(String(task?.answer.kind));
}

/** The contents that a task's answers are about, in the order of its file. */
export function contentsOf(task: TaskView | null): JudgedContent[] {
  const answer = task?.answer ?? {};
  if (answer.kind === "verdict") return [{ path: String(answer.content), label: null }];
  return answer.kind === "pair" ? [{ path: String(answer.first), label: "first" }, { path: String(answer.second), label: "second" }] : [];
}
