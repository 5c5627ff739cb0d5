import assert from "node:assert/strict";
import test from "node:test";
import { sentence } from "../src/format";
import { text } from "../src/messages";
import { de } from "../src/messages/de";
import { en } from "../src/messages/en";

const LANGUAGES = { de };

/** Every text of a catalogue by its path: "review.photo.alt". */
function entries(catalogue: object, path = ""): [string, unknown][] {
  return Object.entries(catalogue).flatMap(([name, value]) => (typeof value === "object" ? entries(value, `${path}${name}.`) : [[`${path}${name}`, value] as [string, unknown]]));
}

const names = (catalogue: object) => entries(catalogue).map(([name]) => name).sort();

for (const [language, catalogue] of Object.entries(LANGUAGES)) {
  test(`every text of the console is there in ${language}, and no other`, () => {
    assert.deepEqual(names(catalogue), names(en));
  });

  test(`no sentence is English still in ${language}`, () => {
    const english = new Map(entries(en));
    const same = entries(catalogue).filter(([name, value]) => typeof value === "string" && /\p{L} \p{L}/u.test(value) && english.get(name) === value);
    assert.deepEqual(same, []);
  });

  test(`texts with parts say the same number of parts in ${language}`, () => {
    const english = new Map(entries(en));
    const parts = (value: unknown) => (typeof value === "function" ? value.length : 0);
    assert.deepEqual(entries(catalogue).filter(([name, value]) => parts(value) !== parts(english.get(name))), []);
  });
}

test("a word of the service is shown in the page's language, and one that is not known as it is", () => {
  text.value = de;
  assert.equal(sentence("waiting_approval"), "Wartet auf Freigabe");
  assert.equal(sentence("new_state"), "New state");
  text.value = en;
  assert.equal(sentence("waiting_approval"), "Waiting approval");
});
