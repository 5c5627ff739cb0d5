import assert from "node:assert/strict";
import test from "node:test";
import { amount, dollars, percent, pValue, sentence } from "../src/format";

test("a figure has its unit, and what is not known is a dash", () => {
  assert.equal(percent(0.5948), "59.5%");
  assert.equal(dollars(0.343), "$0.34");
  assert.equal(percent(null), "–");
  assert.equal(amount(null, "share"), "–");
});

test("a small p value is never zero", () => {
  assert.doesNotMatch(pValue(4.2e-7), /^0$/);
});

test("a name of the code reads as words", () => {
  assert.equal(sentence("due_soon"), "Due soon");
  assert.equal(sentence("CertificationPlanned"), "Certification planned");
  assert.equal(sentence("human_ai_agreement"), "Human–AI agreement");
  assert.equal(sentence("main"), "Main");
});
