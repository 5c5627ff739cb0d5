// What the person has chosen of the console, kept by the service for the account: the same at every machine.
import { effect, signal } from "@preact/signals";
import { act, read } from "./api";
import type { Preferences } from "./api-types";
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

/** One after the other, so that the last one said is the last one kept. */
let last: Promise<unknown> = Promise.resolve();

export function keepPreferences(some: Partial<Preferences>): void {
  if (preferences.value === null) return;
  const wanted = { ...preferences.value, ...some };
  preferences.value = wanted;
  last = last.then(() => act("PUT /v1/me/preferences", {}, wanted)).catch((error: Error) => tell(text.value.shell.notKept(error.message), "warning"));
}

/** What the account has chosen comes before what this browser remembers of others. */
function adopt(found: Preferences): void {
  const { theme, language, density } = found;
  preferences.value = found;
  change({ ...(theme ? { theme } : {}), ...(language ? { language } : {}), ...(density ? { density } : {}) });
}

effect(() => {
  const account = who.value?.id;
  preferences.value = null;
  if (account === undefined) return;
  const isStill = () => who.value?.id === account;
  read("/v1/me/preferences").then(
    (found) => isStill() && adopt(found),
    (error: Error) => isStill() && tell(text.value.shell.notKept(error.message), "warning"),
  );
});
