import assert from "node:assert/strict";
import test from "node:test";
import { before, daysOf, isCompared, periodOf, rangeOf, RANGES_OF_DAYS } from "../src/pages/time-range";

const DAY = 86_400;
const asked = (query: string, now = 100 * DAY + 4_321) => periodOf(new URLSearchParams(query), now);

test("the last hour ends with the ten minutes that run", () => {
  assert.deepEqual(asked("range=hour"), { since: 100 * DAY + 4_800 - 3_600, until: 100 * DAY + 4_800 });
});

test("a week is seven whole days up to the end of today", () => {
  assert.deepEqual(asked("range=week"), { since: 94 * DAY, until: 101 * DAY });
});

test("a time of one's own holds its last day", () => {
  assert.deepEqual(asked("range=custom&from=1970-01-02&to=1970-01-02"), { since: DAY, until: 2 * DAY });
});

test("what is no time, or ends before it begins, is all time", () => {
  for (const query of ["", "range=year", "range=custom", "range=custom&from=1970-01-05&to=1970-01-02", "range=custom&from=x&to=y"]) assert.equal(asked(query), null, query);
});

test("the time before has the same length and ends where the time begins", () => {
  assert.deepEqual(before({ since: 10 * DAY, until: 17 * DAY }), { since: 3 * DAY, until: 10 * DAY });
  assert.equal(before({ since: 0, until: DAY }), null);
});

test("all time is compared with nothing", () => {
  assert.equal(isCompared(new URLSearchParams("compare=1")), false);
  assert.equal(isCompared(new URLSearchParams("compare=1&range=day")), true);
  assert.equal(rangeOf(new URLSearchParams("range=constructor")), "all");
});

test("what is counted by days is asked for by its first and its last day", () => {
  assert.deepEqual(daysOf(asked("range=week")), { from: "1970-04-05", to: "1970-04-11" });
  assert.deepEqual(daysOf(asked("range=custom&from=1970-01-02&to=1970-01-02")), { from: "1970-01-02", to: "1970-01-02" });
  assert.deepEqual(daysOf(null), {});
});

test("a page of whole days knows no last hour, whatever the address says", () => {
  assert.equal(periodOf(new URLSearchParams("range=hour"), 100 * DAY, RANGES_OF_DAYS), null);
  assert.equal(rangeOf(new URLSearchParams("range=hour"), RANGES_OF_DAYS), "all");
});
