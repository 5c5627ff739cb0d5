import assert from "node:assert/strict";
import test from "node:test";
import { trainedOf } from "../src/pages/retraining-words";

test("what came of a retraining is read from its last line, and an error stays as it is", () => {
  const line = '{"approval_id": "digits-7", "accuracy": 0.9137, "champion_accuracy": 0.9645, "rows": 203, "seconds": 142.9}';
  assert.deepEqual(trainedOf(line), { approval: "digits-7", accuracy: 0.9137, current: 0.9645, rows: 203, seconds: 142.9 });
  for (const other of [null, "too few rows", '{"cut": ']) assert.equal(trainedOf(other), null);
});
