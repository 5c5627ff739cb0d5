import assert from "node:assert/strict";
import test from "node:test";
import { bandOutOfOrder, hiddenKeys, parsed, refusalsByEntry, rulesOf, sharePath, withNewRule, withoutRule, withPart, withRisk, withRuleAgain, withRuleMoved } from "../src/pages/policy-draft";

const LARGE = { name: "large", when: "metadata.amount > 10000", effect: "high_risk", reason: "above 10000", priority: null };
const WARD = { name: "ward-7", when: "metadata.ward == '7'", effect: "expert", reason: "", priority: null };
const POLICY = {
  automatic: 0.95,
  normal: 0.8,
  high: 0.5,
  automatic_labels: null,
  by_segment: { vip: { automatic: 0.99, normal: 0.9, high: 0.8 } },
  costs: null,
  rules: [LARGE, WARD],
  risk: { level: 0.05, confidence: 0.9, segments: { vip: { level: 0.01, confidence: 0.9 } }, maturity_hours: 48 },
  sampling: { random: 0.1, audit: 0.05, cold: 1 },
};

test("a field is written and everything else stays as it was, in its order", () => {
  const before = structuredClone(POLICY);
  const after = withPart(POLICY, ["risk", "level"], 0.02);
  assert.deepEqual(after, { ...POLICY, risk: { ...POLICY.risk, level: 0.02 } });
  assert.deepEqual(Object.keys(after), Object.keys(POLICY));
  assert.deepEqual(POLICY, before);
});

test("a part that is not there yet is made, and one that is taken away is no key any more", () => {
  assert.deepEqual(withPart({}, ["sampling", "audit"], 0.2), { sampling: { audit: 0.2 } });
  assert.deepEqual(withPart({ rules: [LARGE] }, ["rules", 0, "priority"], undefined).rules, [{ name: "large", when: LARGE.when, effect: "high_risk", reason: "above 10000" }]);
});

test("a number that is none is kept as none, for the service to refuse", () => {
  assert.equal(JSON.stringify(withPart({ high: 0.5 }, ["high"], null)), '{"high":null}');
});

test("the risk comes back with all that it held after a look at uncertified", () => {
  const uncertified = withRisk(POLICY, false, null);
  assert.equal(uncertified.risk, "uncertified");
  assert.deepEqual(withRisk(uncertified, true, POLICY.risk), POLICY);
  assert.deepEqual(withRisk({ risk: "uncertified" }, true, null).risk, { level: 0.05, confidence: 0.9 });
});

test("rules are added under a free name, taken away, put back and moved", () => {
  const added = withNewRule({ rules: [LARGE, { ...WARD, name: "rule-3" }] });
  assert.deepEqual(added.rules, [LARGE, { ...WARD, name: "rule-3" }, { name: "rule-4", when: "", effect: "review" }]);
  assert.deepEqual(withoutRule(POLICY, 0).rules, [WARD]);
  assert.deepEqual(withRuleAgain(withoutRule(POLICY, 0), 0, LARGE), POLICY);
  assert.deepEqual(withRuleMoved(POLICY, 0, 1).rules, [WARD, LARGE]);
  assert.deepEqual(withRuleMoved(withRuleMoved(POLICY, 0, 1), 1, 0), POLICY);
  assert.equal(withRuleMoved(POLICY, 0, -1), POLICY);
});

test("what is no list of rules is not taken for an empty one", () => {
  assert.equal(rulesOf({ rules: "none" }), null);
  assert.equal(rulesOf({ rules: [LARGE, 3] }), null);
  assert.deepEqual(rulesOf({}), []);
});

test("policies of before have their random share under its former name", () => {
  assert.deepEqual(sharePath({ sampling: { gold: 0.2 } }, "random"), ["sampling", "gold"]);
  assert.deepEqual(sharePath(POLICY, "random"), ["sampling", "random"]);
  assert.deepEqual(sharePath({}, "random"), ["sampling", "random"]);
});

test("the form names what it does not show and what is set", () => {
  assert.deepEqual(hiddenKeys(POLICY), ["by_segment", "risk.maturity_hours", "risk.segments"]);
  assert.deepEqual(hiddenKeys({ automatic: 0.9, risk: "uncertified", automatic_labels: [] }), ["automatic_labels"]);
});

test("a band above the one before it is found, with what counts where none is set", () => {
  assert.equal(bandOutOfOrder(POLICY), null);
  assert.equal(bandOutOfOrder({ automatic: 0.9, normal: 0.95, high: 0.5 }), "normal");
  assert.equal(bandOutOfOrder({ high: 0.85 }), "high");
  assert.equal(bandOutOfOrder({ automatic: null, normal: 0.95, high: 0.5 }), null);
});

test("each refusal stands at the nearest entry that the form shows", () => {
  const refused = (pointer: string, why = "Expected a valid policy (too large)") => [...refusalsByEntry(POLICY, [{ pointer, why }])];
  assert.deepEqual(refused("/policy/automatic"), [["automatic", ["too large"]]]);
  assert.deepEqual(refused("/policy/rules/1/when"), [["rules/1/when", ["too large"]]]);
  assert.deepEqual(refused("/policy/rules/1", "Expected a valid policy (Value error, effect priority wants the key priority)"), [["rules/1", ["effect priority wants the key priority"]]]);
  assert.deepEqual(refused("/policy/sampling/gold"), [["sampling/random", ["too large"]]]);
  assert.deepEqual(refused("/policy/risk/segments/vip/level"), [["risk", ["segments.vip.level: too large"]]]);
  assert.deepEqual(refused("/policy/by_segment/vip"), [["", ["by_segment.vip: too large"]]]);
  assert.deepEqual(refused("/policy", "HTTP 422"), [["", ["HTTP 422"]]]);
});

test("only a JSON object is a policy", () => {
  assert.deepEqual(parsed('{"automatic": 0.9}'), { automatic: 0.9 });
  assert.deepEqual(["{", "[]", "3", "null"].map(parsed), [null, null, null, null]);
});
