import assert from "node:assert/strict";
import test from "node:test";
import { columnsOf, draftOf, isProblem, parseCsv, taskFile, type TaskDraft } from "../src/pages/task-draft";

const ROWS = ["age,job,label", ...Array.from({ length: 10 }, (_, at) => `${20 + at},${at % 2 ? "clerk" : "smith"},${at % 3 ? "good" : "bad"}`)].join("\n");

function drafted(text: string, label = "label"): TaskDraft {
  const columns = columnsOf(text);
  assert.ok(!isProblem(columns));
  const draft = draftOf(columns, label);
  assert.ok(!isProblem(draft));
  return draft;
}

test("quoted cells hold commas, quotes and line breaks", () => {
  assert.deepEqual(parseCsv('a,b\r\n"x, ""y""\n2",3\r\n'), [["a", "b"], ['x, "y"\n2', "3"]]);
});

test("numbers get round bounds beyond the rows, words their values, labels their counts", () => {
  const draft = drafted(ROWS);
  assert.deepEqual(draft.fields, [
    { name: "age", kind: "number", min: 19.1, max: 29.9 },
    { name: "job", kind: "choice", values: ["clerk", "smith"] },
  ]);
  assert.deepEqual(draft.labels, [["good", 6], ["bad", 4]]);
});

test("rows that no task can be drafted from say why", () => {
  assert.deepEqual(columnsOf("a,label\n1,x\n"), { problem: "rows", what: "1" });
  assert.deepEqual(columnsOf(ROWS.replace("age", "job")), { problem: "header", what: "" });
  const columns = columnsOf(ROWS);
  assert.ok(!isProblem(columns));
  assert.deepEqual(draftOf(columns, "none"), { problem: "labels", what: "0" });
});

test("words of the rows never become YAML of their own", () => {
  const draft = drafted(ROWS.replaceAll("clerk", "\"x: [y]\n  - z # {\""));
  const said = taskFile(draft, { name: "credit", question: "Good?\nrisk: uncertified", label: "label", risk: 0.05, file: "rows.csv" });
  assert.ok(said.includes('values: ["smith", "x: [y]\\n  - z # {"]'));
  assert.equal(said.split("\n").filter((line) => line.startsWith("risk:")).length, 1);
});
