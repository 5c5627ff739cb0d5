import assert from "node:assert/strict";
import test from "node:test";
import { PLAIN, STEPS, stepped, styleOf, type Step } from "../src/case/placement";

const after = (...steps: Step[]) => steps.reduce(stepped, PLAIN);

test("four turns bring a picture back", () => {
  assert.equal(after("turn").turn, 90);
  assert.deepEqual(after("turn", "turn", "turn", "turn"), PLAIN);
});

test("zooming out again brings back what was moved", () => {
  assert.deepEqual(after("in", "left", "out"), PLAIN);
  assert.equal(after("out").zoom, 1);
});

test("zoom and contrast have ends", () => {
  assert.equal(after(...Array<Step>(40).fill("in")).zoom, 16);
  assert.equal(after(...Array<Step>(40).fill("more")).contrast, 4);
  assert.equal(after(...Array<Step>(40).fill("less")).contrast, 0.25);
});

test("home undoes everything", () => {
  assert.deepEqual(after("in", "turn", "more", "up", STEPS.Home as Step), PLAIN);
});

test("an untouched picture has no filter", () => {
  assert.equal(styleOf(PLAIN).filter, "none");
});
