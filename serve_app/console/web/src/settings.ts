// What one person prefers, kept in this browser: theme, language, density, keys. Nothing here changes what the service does.
import { effect, signal } from "@preact/signals";

export interface Settings {
  theme: "auto" | "light" | "dark";
  language: "en" | "de";
  density: "comfortable" | "compact";
  /** Milliseconds between polls while there is no live connection. */
  refreshInterval: number;
  singleKeys: boolean;
  /** Choosing a label submits it: for queues of low risk. */
  oneKeySubmit: boolean;
  keys: Record<string, string>;
}

const STORED = "ray-hitl.settings";
const DEFAULTS: Settings = { theme: "auto", language: "en", density: "comfortable", refreshInterval: 30_000, singleKeys: true, oneKeySubmit: false, keys: {} };

function stored(): Settings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<Settings>) };
  } catch {
    return DEFAULTS;
  }
}

export const settings = signal<Settings>(stored());

export function change(some: Partial<Settings>): void {
  settings.value = { ...settings.value, ...some };
}

effect(() => {
  localStorage.setItem(STORED, JSON.stringify(settings.value));
  document.documentElement.dataset.theme = settings.value.theme;
  document.documentElement.dataset.density = settings.value.density;
});
