// The keyboard: which key does what, remapped as the person likes; single keys rest inside fields and can be switched off.
import { useLayoutEffect, useRef } from "preact/hooks";
import { settings } from "./settings";

/** The key of each action; what it does stands in the catalogue (`shell.actions`). */
export const ACTIONS: Record<string, string> = {
  approve: "a",
  reject: "r",
  escalate: "e",
  skip: "s",
  submit: "Ctrl+Enter",
  undo: "z",
  next: "j",
  previous: "k",
  extend: "l",
  none: "o",
  note: "n",
  model: "m",
  guidelines: "i",
  diff: "d",
  select: "x",
  selectRange: "Shift+X",
  search: "/",
  palette: "Ctrl+k",
  help: "?",
};

/** Pressed after `g`: go to a page. */
export const GO_TO: Record<string, string> = { i: "inbox", o: "overview", r: "reviews", a: "approvals", w: "workflows", e: "models", n: "analytics", c: "cases" };

export function keyOf(action: string): string {
  return settings.value.keys[action] ?? ACTIONS[action] ?? "";
}

/** The other action that has this key already; null: none. */
export function takenBy(key: string, action: string): string | null {
  return Object.keys(ACTIONS).find((other) => other !== action && keyOf(other) === key) ?? null;
}

/** The pressed key in the notation of ACTIONS. */
export function pressed(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `Ctrl+${key}`;
  const isShiftedLetter = event.shiftKey && /^[a-z]$/.test(key);
  return isShiftedLetter ? `Shift+${key.toUpperCase()}` : key;
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "button", "submit", "range"].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** The digit that chooses `labels[at]`: itself where all labels are digits, else its number from 1 to 9. */
export function digitOf(labels: string[], at: number): string | null {
  if (labels.every((label) => /^[0-9]$/.test(label))) return labels[at] ?? null;
  return at < 9 ? String(at + 1) : null;
}

/** While the component is shown, `handlers` by action, or by digit, take the keys: from the moment it stands on the page, so that no
 * press falls between what is seen and who listens. Handlers read what may change since the last rendering from signals. */
export function useKeys(handlers: Record<string, () => void>): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => take(event, latest.current);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

function take(event: KeyboardEvent, handlers: Record<string, () => void>): void {
  if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
  const key = pressed(event);
  const isChord = key.startsWith("Ctrl+");
  if (!isChord && (isTyping(event.target) || !settings.value.singleKeys)) return;
  if (key === "Ctrl+z" && isTyping(event.target)) return;
  const action = /^[0-9]$/.test(key) ? key : Object.keys(ACTIONS).find((name) => keyOf(name) === key || (name === "undo" && key === "Ctrl+z"));
  const handler = action === undefined ? undefined : handlers[action];
  if (handler) {
    event.preventDefault();
    handler();
  }
}
