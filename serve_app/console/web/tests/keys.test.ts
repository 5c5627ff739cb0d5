import assert from "node:assert/strict";
import test from "node:test";
import { ACTIONS, digitOf, keyOf, takenBy } from "../src/keys";

test("no two actions have one key", () => {
  for (const action of Object.keys(ACTIONS)) assert.equal(takenBy(keyOf(action), action), null, action);
});

test("labels that are digits are chosen by themselves, others by their number, and none beyond the ninth", () => {
  assert.equal(digitOf(["0", "1", "2"], 0), "0");
  assert.equal(digitOf(["ham", "spam"], 1), "2");
  assert.equal(digitOf(Array.from({ length: 12 }, (_, at) => `label ${at}`), 9), null);
});
