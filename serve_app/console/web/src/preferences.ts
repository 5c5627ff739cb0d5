// What the person has chosen of the console, kept by the service for the account: the same at every machine.
import { computed, effect, signal } from "@preact/signals";
import { act, read } from "./api";
import type { Preferences, SavedView } from "./api-types";
import { text } from "./messages";
import { who } from "./session";
import { change, type Settings } from "./settings";
import { tell } from "./toast";

/** Null: not known yet. */
export const preferences = signal<Preferences | null>(null);

type Look = Pick<Settings, "theme" | "language" | "density">;

/** Changes how the console looks, here and for the account. */
export function chooseLook(some: Partial<Look>): void {
  change(some);
  keepPreferences(some);
}

/** What was chosen before it was known what the account has chosen: kept once it is. */
let early: Partial<Preferences> = {};
let isLoading = false;

/** One after the other, so that the last one said is the last one kept. */
let last: Promise<unknown> = Promise.resolve();

export function keepPreferences(some: Partial<Preferences>): void {
  if (preferences.value === null) {
    early = { ...early, ...some };
    if (!isLoading) load();
    return;
  }
  const now = { ...preferences.value, ...some };
  preferences.value = now;
  const { views: _, ...look } = now; // left out, they stay: another window may have saved one
  void keep(() => act("PUT /v1/me/preferences", {}, look)).catch(tellNotKept);
}

/** Changes the saved views of the account, as they are by now. Fails where they could not be kept. */
export async function changeViews(how: (views: SavedView[]) => SavedView[]): Promise<void> {
  const asked = account.peek();
  const kept = await keep(async () => {
    const found = await read("/v1/me/preferences");
    return act("PUT /v1/me/preferences", {}, { ...found, views: how(found.views ?? []) });
  });
  if (account.peek() === asked) preferences.value = { ...preferences.value, views: kept.views ?? [] };
}

function keep(how: () => Promise<Preferences>): Promise<Preferences> {
  const mine = last.then(how);
  last = mine.catch(() => undefined);
  return mine;
}

/** What the account has chosen comes before what this browser remembers of others, and what was chosen just now before both. */
function adopt(found: Preferences): void {
  const chosen = early;
  const { theme, language, density } = { ...found, ...chosen };
  early = {};
  preferences.value = found;
  change({ ...(theme ? { theme } : {}), ...(language ? { language } : {}), ...(density ? { density } : {}) });
  if (Object.keys(chosen).length > 0) keepPreferences(chosen);
}

function tellNotKept(error: Error): void {
  tell(text.value.shell.notKept(error.message), "warning");
}

function load(): void {
  const asked = account.peek();
  if (asked === undefined) return;
  const isStill = () => account.peek() === asked;
  isLoading = true;
  read("/v1/me/preferences")
    .then((found) => isStill() && adopt(found))
    .catch((error: Error) => isStill() && tellNotKept(error))
    .finally(() => {
      if (isStill()) isLoading = false;
    });
}

/** Who is asked again keeps what they chose meanwhile: only another account begins anew. */
const account = computed(() => who.value?.id);

effect(() => {
  void account.value;
  preferences.value = null;
  early = {};
  isLoading = false;
  load();
});
