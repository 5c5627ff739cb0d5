import assert from "node:assert/strict";
import test from "node:test";
import { amount, amounts, dollars, inside, percent, points, pValue, sentence } from "../src/format";
import { text } from "../src/messages";

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

test("a difference of shares is signed as every other difference is", () => {
  assert.equal(points(-0.0051), "−0.51");
  assert.equal(points(0.8934), "+89.34");
});

test("a small p value is a power of ten as people write it", () => {
  assert.equal(pValue(4.2e-7), "4.2 × 10⁻⁷");
  assert.equal(pValue(0.00046), "4.6 × 10⁻⁴");
  assert.equal(pValue(0.012), "0.012");
});

test("the unit in words of an interval stands once", () => {
  assert.equal(amounts(3211.35, 5369.41, "cases per hour"), "3,211 – 5,369 cases per hour");
  assert.equal(amounts(0.1, 0.25, "share"), "10.0% – 25.0%");
});

test("inside a sentence only the first letter becomes small: nouns of German keep theirs", () => {
  assert.equal(inside("Zu wenig Daten"), "zu wenig Daten");
});

test("one case is one case", () => {
  assert.match(text.value.charts.estimate("0%", "0% – 97.5%", "1"), /, 1 case\)$/);
  assert.match(text.value.charts.estimate("0%", "0% – 97.5%", "2"), /, 2 cases\)$/);
});
