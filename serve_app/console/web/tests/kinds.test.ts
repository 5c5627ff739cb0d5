import assert from "node:assert/strict";
import test from "node:test";
import { kindOf } from "../src/pages/approval/kind";
import { eventsOf } from "../src/pages/audit";

test("a function that waits to be called is no request of a custom kind", () => {
  assert.equal(kindOf({ kind: "custom", context: { fn: "send_refund", kwargs: { order: "A-17" } } }), "Call of a function");
  assert.equal(kindOf({ kind: "custom", context: { title: "party" } }), "Custom");
  assert.equal(kindOf({ kind: "policy_change", context: {} }), "Policy change");
});

test("an entry names each kind of its events once, with their number", () => {
  const entry = { events: [{ type: "ReviewLeased" }, { type: "ReviewLeased" }, { type: "DecisionFinal" }] };
  assert.equal(eventsOf(entry), "Review reserved × 2, Decision final");
});
