import assert from "node:assert/strict";
import test from "node:test";
import { begunAt, completed, piecesOf } from "../src/mentions";

test("names begin words; an address names nobody", () => {
  assert.deepEqual(
    piecesOf("@ada: ask (@ben-2), or ann@example.org. @c.d.").filter((piece) => piece.person).map((piece) => piece.person),
    ["ada", "ben-2", "c.d"],
  );
});

test("the pieces are the whole text", () => {
  for (const said of ["", "@ada", "see @ada and @ben.", "5 @ 3 @@x"]) assert.equal(piecesOf(said).map((piece) => piece.said).join(""), said);
});

test("a name is completed where the cursor stands, and the rest stays", () => {
  assert.equal(begunAt("ask @be about it", 7), "be");
  assert.equal(begunAt("ask me", 6), null);
  assert.equal(begunAt("a@be", 4), null);
  assert.deepEqual(completed("ask @be about it", 7, "ben"), { said: "ask @ben  about it", cursor: 9 });
});
