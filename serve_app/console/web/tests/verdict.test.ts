import assert from "node:assert/strict";
import test from "node:test";
import { estimateOf, mistakesOf, summaryOf } from "../src/pages/approval/verdict";

test("nothing observed has no value, whatever value came with it", () => {
  assert.deepEqual(estimateOf({ value: 1, low: 0, high: 1, n: 0 }), { value: null, low: null, high: null, n: 0 });
});

test("a difference that chance explains is no verdict", () => {
  const compared = (right: number, wrong: number, p: number) => ({ comparison: { only_candidate_right: right, only_champion_right: wrong, mcnemar_exact_p: p } });
  assert.equal(summaryOf(compared(6, 5, 0.9)).verdict, "not enough evidence");
  assert.equal(summaryOf(compared(26, 1, 1e-6)).verdict, "better");
  assert.equal(summaryOf(compared(1, 26, 1e-6)).verdict, "worse");
});

test("evidence of any form breaks nothing: its author may have written anything", () => {
  for (const evidence of [null, 7, "text", [], { promotion: [] }, { candidate: { accuracy: "high", confusion: { labels: 3 } } }]) {
    assert.deepEqual(mistakesOf(evidence), []);
    assert.equal(summaryOf(evidence).accuracy.value, null);
  }
});
