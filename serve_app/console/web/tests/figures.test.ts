import assert from "node:assert/strict";
import test from "node:test";
import { amount, dollars, percent, pValue } from "../src/format";

test("a figure has its unit, and what is not known is a dash", () => {
  assert.equal(percent(0.5948), "59.5%");
  assert.equal(dollars(0.343), "$0.34");
  assert.equal(percent(null), "–");
  assert.equal(amount(null, "share"), "–");
});

test("a small p value is never zero", () => {
  assert.doesNotMatch(pValue(4.2e-7), /^0$/);
});
