import assert from "node:assert/strict";
import test from "node:test";
import { takerOf } from "../src/pages/channel-taker";

const channel = (name: string, fallback: string | null, is_configured = false) => ({ name, type: "apprise", is_configured, takes_trials: false, fallback });
const CHANNELS = [channel("email", "slack"), channel("slack", "operators"), channel("operators", null, true), channel("webhook", null), channel("a", "b"), channel("b", "a")];

test("the messages of a channel without an address go to the first fallback that has one", () => {
  const takers = CHANNELS.map((each) => takerOf(each, CHANNELS));
  assert.deepEqual(takers, ["operators", "operators", "operators", null, null, null]);
});
