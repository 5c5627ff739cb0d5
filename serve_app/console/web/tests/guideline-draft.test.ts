import assert from "node:assert/strict";
import test from "node:test";
import { changedNames, charsOf, edited, guidelinesOf, NOTHING, problemOf, refusedName, withGuidelines } from "../src/pages/guideline-draft";

const IN_FORCE = guidelinesOf({ guidelines: { spam: { text: "It sells.", examples: ["Win now"] }, ham: { text: "A person wrote it." } } });

test("what is edited stands in the place of what is in force, and what was emptied is gone", () => {
  const after = edited(IN_FORCE, { spam: { ...NOTHING, text: " It advertises. " }, ham: NOTHING });
  assert.deepEqual(after, { spam: { text: "It advertises.", examples: [], cases: [] } });
  assert.deepEqual(changedNames(IN_FORCE, after, ["ham", "spam", "other"]), ["ham", "spam"]);
});

test("an edit that says the same changes nothing", () => {
  assert.deepEqual(changedNames(IN_FORCE, edited(IN_FORCE, { spam: { text: "It sells.", examples: ["Win now", " "], cases: [] } })), []);
});

test("a definition keeps everything but its guidelines", () => {
  const body = withGuidelines({ task: "sms", title: "SMS", guidelines: { ham: {} } }, edited(IN_FORCE, {}));
  assert.deepEqual(body, { task: "sms", title: "SMS", guidelines: { spam: { text: "It sells.", examples: ["Win now"] }, ham: { text: "A person wrote it." } } });
});

test("examples without a word, and ids of no case, are told before anything is sent", () => {
  assert.equal(problemOf({ text: " ", examples: ["x"], cases: [] }), "text");
  assert.equal(problemOf({ text: "x", examples: [], cases: ["A1"] }), "case");
  assert.equal(problemOf({ text: "x", examples: [], cases: ["a".repeat(26)] }), null);
});

test("words and examples are counted together", () => {
  assert.equal(charsOf(IN_FORCE), 9 + 7 + 18);
});

test("a refusal finds its guideline, whose name may have points", () => {
  assert.equal(refusedName("/guidelines/v1/2/text", ["v1", "v1.2"]), "v1.2");
  assert.equal(refusedName("/guidelines/spam/text", ["ham", "spam"]), "spam");
  assert.equal(refusedName("/guidelines", ["spam"]), null);
});
