// The text of the console in the person's language. English comes with the page, every other language when it is chosen.
import { effect, signal } from "@preact/signals";
import { settings } from "../settings";
import { en, type Messages } from "./en";

export type Language = "en" | "de";

export const LANGUAGES: Record<Language, string> = { en: "English", de: "Deutsch" };

const loaders: Record<Language, () => Promise<Messages>> = {
  en: () => Promise.resolve(en),
  de: () => import("./de").then((found) => found.de),
};

export const text = signal<Messages>(en);

/** The language of the page, for numbers, times and plurals. */
export const locale = signal<string>("en");

effect(() => {
  const chosen = settings.value.language;
  void loaders[chosen]().then((found) => {
    if (settings.value.language !== chosen) return;
    text.value = found;
    locale.value = chosen === "en" ? (navigator.language.startsWith("en") ? navigator.language : "en") : chosen;
    document.documentElement.lang = chosen;
  });
});
