import assert from "node:assert/strict";
import test from "node:test";
import { caseOf } from "../src/pages/case-ids";

test("a review's id finds its case, and another name stays whole", () => {
  assert.equal(caseOf("3z435e4oe5pnhj5fjr2lqo7tcu-1"), "3z435e4oe5pnhj5fjr2lqo7tcu");
  assert.equal(caseOf("3z435e4oe5pnhj5fjr2lqo7tcu"), "3z435e4oe5pnhj5fjr2lqo7tcu");
  assert.equal(caseOf("picture-5"), "picture-5");
});
