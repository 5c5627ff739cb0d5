import assert from "node:assert/strict";
import test from "node:test";
import { matching } from "../src/ui/palette";

const ALL = [
  { name: "Handwritten digits", kind: "Models", link: "/models/digits" },
  { name: "Handwritten digits", kind: "Policy", link: "/policies/digits" },
  { name: "Approvals", kind: "Page", link: "/approvals" },
];

test("every typed word must begin a word of the destination, in any case of letters", () => {
  assert.deepEqual(matching(ALL, "DIG pol").map((each) => each.link), ["/policies/digits"]);
  assert.deepEqual(matching(ALL, "igits"), []);
});

test("a whole id leads to its case, and the id of a review to the case that it is about", () => {
  const id = "abcdefghij234567abcdefghij";
  assert.deepEqual(matching(ALL, ` ${id}-2 `).map((each) => each.link), [`/cases/${id}`]);
});
