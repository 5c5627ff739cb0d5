import assert from "node:assert/strict";
import test from "node:test";
import { columnsOf, draftOf, entryOf, isProblem, parseCsv, taskBody, taskFile, type TaskDraft } from "../src/pages/task-draft";

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

test("a power of ten is a number in YAML too", () => {
  const draft = drafted(ROWS.replace(/^2\d,/gm, "1e-9,"));
  assert.match(taskFile(draft, { name: "credit", question: "Good?", label: "label", risk: null, file: "rows.csv" }), /name: "age", min: 1\.0e-9, max: 1\.0e-9/);
});

test("a refused key is told at the entry that it came from", () => {
  assert.deepEqual(["/task", "/labels/0", "/data/form/label_column", "/risk/level", "/input/fields/1/min", "/review/lease_s"].map(entryOf), ["name", "label", "label", "risk", "file", null]);
});

test("the definition holds what the file says", () => {
  const body = taskBody(drafted(ROWS), { name: "new_credit", question: "Good?", label: "label", risk: null, file: "rows.csv" });
  assert.deepEqual([body.title, body.labels, body.risk, body.data], ["New credit", ["bad", "good"], "uncertified", { source: "rows.csv", seed: 0, initial_rows: 5, holdout_rows: 2 }]);
});
