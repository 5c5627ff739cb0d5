import assert from "node:assert/strict";
import test from "node:test";
import { estimate, markOf, range, said, top } from "../src/charts/interval";
import { ticks } from "../src/charts/plot";

const axis = (min: number, max: number, show: (value: number) => string = String) => ({ title: "", min, max, show });
const close = (found: number[], wanted: number[]) => {
  assert.equal(found.length, wanted.length, `${found}`);
  found.forEach((value, at) => assert.ok(Math.abs(value - (wanted[at] ?? NaN)) < 1e-12, `${found}`));
};

test("ticks are round and inside their axis", () => {
  close(ticks(axis(0, 1)), [0, 0.25, 0.5, 0.75, 1]);
  close(ticks(axis(0, 0.011)), [0, 0.005, 0.01]);
  close(ticks(axis(3, 17)), [5, 10, 15]);
  close(ticks(axis(-1, 1)), [-1, -0.5, 0, 0.5, 1]);
  close(ticks(axis(0, 2_300_000)), [0, 1_000_000, 2_000_000]);
});

test("an axis of one value has one tick, and never an endless row of them", () => {
  close(ticks(axis(0, 0)), [0]);
  close(ticks(axis(5, 5)), [5]);
});

test("ticks that would read the same are one", () => {
  assert.deepEqual(ticks(axis(0, 0.01, (value) => `${Math.round(100 * value)}%`)).length, 2);
});

const found = (low: number, high: number | null, value: number | null = 0.5, n = 8) => ({ value, low, high, n });

test("an interval that says nothing is a dash", () => {
  for (const empty of [found(0, 1), found(0.5, 0.5), found(0.5, 0.4), found(0.2, null), found(0.2, 0.8, null), found(0.2, 0.8, 0.5, 0)]) {
    assert.equal(range(empty), "–", JSON.stringify(empty));
  }
  assert.equal(range(found(0.25, 0.75)), "25.0% – 75.0%");
});

test("what nothing was observed of has no value, whatever stands in its field", () => {
  const [value] = estimate("Error", (row: ReturnType<typeof found>) => row);
  assert.equal(value?.show(found(0, 1, 0, 0)), "–");
  assert.equal(value?.show(found(0, 0.5, 0, 8)), "0%");
  assert.ok(!said(found(0, 1, 0, 0)).includes("%"));
  assert.deepEqual(markOf(1, found(0, 1, null)), []);
});

test("the top of an axis is above its largest value and at most the whole", () => {
  assert.ok(Math.abs(top([0.5, null, undefined]) - 0.55) < 1e-12);
  assert.equal(top([0.99]), 1);
  assert.ok(top([]) > 0);
});
