import assert from "node:assert/strict";
import test from "node:test";
import { filtersOf, queryOf } from "../src/pages/case-filters";
import { renamedView, withoutView, withView, withViewAgain } from "../src/pages/view-list";

const MINE = { name: "mine", query: "reviewer=ada" };
const OLD = { name: "old", query: "days=30" };

test("the same filters are the same query, in whatever order they were chosen", () => {
  const query = (address: string) => queryOf(filtersOf(new URLSearchParams(address)));
  assert.equal(query("status=waiting&task=digits"), "task=digits&status=waiting");
  assert.equal(query("task=digits&status=waiting&label="), query("status=waiting&task=digits"));
  assert.equal(query(""), "");
});

test("what is no filter of the search is none in its query", () => {
  assert.equal(queryOf(filtersOf(new URLSearchParams("label=a%26b&admin=1"))), "label=a%26b");
});

test("a saved view takes the place of the one of its name, or comes last", () => {
  assert.deepEqual(withView([MINE, OLD], { name: "mine", query: "label=5" }), [{ name: "mine", query: "label=5" }, OLD]);
  assert.deepEqual(withView([MINE], OLD), [MINE, OLD]);
});

test("a view is renamed in its place, and never to the name of another", () => {
  assert.deepEqual(renamedView([MINE, OLD], "mine", "ada's"), [{ ...MINE, name: "ada's" }, OLD]);
  const both = [MINE, OLD];
  assert.equal(renamedView(both, "mine", "old"), both);
  assert.deepEqual(renamedView([MINE], "mine", "mine"), [MINE]);
});

test("a deleted view comes back where it was, unless its name is taken by now", () => {
  assert.deepEqual(withoutView([MINE, OLD], "mine"), [OLD]);
  assert.deepEqual(withViewAgain([OLD], 0, MINE), [MINE, OLD]);
  assert.deepEqual(withViewAgain([OLD], 5, MINE), [OLD, MINE]);
  const other = { name: "mine", query: "label=5" };
  const taken = [other];
  assert.equal(withViewAgain(taken, 0, MINE), taken);
});
