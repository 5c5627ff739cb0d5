import assert from "node:assert/strict";
import test from "node:test";
import { PLAY_KEYS, played, type PlayStep, type Playing } from "../src/case/playing";

const START: Playing = { at: 0, speed: 1, isPaused: true };
const after = (from: Partial<Playing>, ...steps: PlayStep[]) => steps.reduce((now, step) => played(now, step, 12), { ...START, ...from });

test("one key plays and pauses", () => {
  assert.equal(after({}, "play").isPaused, false);
  assert.deepEqual(after({}, "play", "play"), START);
});

test("back and forward move by five seconds and stay within the recording", () => {
  assert.equal(after({}, "forward").at, 5);
  assert.equal(after({}, "forward", "forward", "forward").at, 12);
  assert.equal(after({ at: 7 }, "back").at, 2);
  assert.equal(after({ at: 3 }, "back").at, 0);
});

test("moving does not pause what plays", () => {
  assert.equal(after({ isPaused: false }, "forward", "back", "start").isPaused, false);
});

test("speed has steps and ends", () => {
  assert.equal(after({}, "faster").speed, 1.25);
  assert.equal(after({}, ...Array<PlayStep>(9).fill("faster")).speed, 2);
  assert.equal(after({}, ...Array<PlayStep>(9).fill("slower")).speed, 0.5);
  assert.equal(after({ speed: 1.1 }, "slower").speed, 1, "one that the browser's own menu set");
});

test("home goes to the start", () => {
  assert.equal(after({ at: 9 }, PLAY_KEYS.Home as PlayStep).at, 0);
});
