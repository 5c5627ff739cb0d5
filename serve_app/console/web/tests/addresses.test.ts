import assert from "node:assert/strict";
import test from "node:test";
import { href, parse } from "../src/router";

test("an address is read as it was written, whatever stands in its parts", () => {
  const parts = ["sms spam.expert", "a/b?c#d", "100%"];
  const { page, rest, query } = parse(href("cases", parts, { label: "ham & spam", empty: "" }));
  assert.deepEqual([page, rest, [...query]], ["cases", parts, [["label", "ham & spam"]]]);
});

test("addresses of the former form and former names still lead there", () => {
  assert.deepEqual(parse("#/experiments/digits"), parse("/models/digits"));
  assert.equal(parse("/").page, "overview");
});

test("a broken escape is shown as it stands and breaks nothing", () => {
  assert.deepEqual(parse("/cases/%E0%A4%A").rest, ["%E0%A4%A"]);
});
