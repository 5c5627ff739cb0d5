// The keyboard: which key does what, remapped as the person likes; single keys rest inside fields and can be switched off.
import { useLayoutEffect, useRef } from "preact/hooks";
import { settings } from "./settings";

export const ACTIONS: Record<string, { key: string; says: string }> = {
  approve: { key: "a", says: "approve" },
  reject: { key: "r", says: "reject" },
  escalate: { key: "e", says: "escalate" },
  skip: { key: "s", says: "skip: the case returns to its queue" },
  submit: { key: "Ctrl+Enter", says: "submit, also inside a text" },
  undo: { key: "z", says: "undo the last decision" },
  next: { key: "j", says: "next; never decides" },
  previous: { key: "k", says: "previous; never decides" },
  extend: { key: "l", says: "keep the case reserved" },
  none: { key: "o", says: "answer that none of the labels fits" },
  note: { key: "n", says: "go to the note" },
  model: { key: "m", says: "show or hide the model suggestion" },
  diff: { key: "d", says: "show differences" },
  select: { key: "x", says: "select a row of the list" },
  selectRange: { key: "Shift+X", says: "select all rows from the last selected one to this one" },
  search: { key: "/", says: "search" },
  palette: { key: "Ctrl+k", says: "go to any page, queue, task, approval or case" },
  help: { key: "?", says: "keyboard shortcuts" },
};

/** Pressed after `g`: go to a page. */
export const GO_TO: Record<string, string> = { i: "inbox", o: "overview", r: "reviews", a: "approvals", w: "workflows", e: "models", n: "analytics", c: "cases" };

export function keyOf(action: string): string {
  return settings.value.keys[action] ?? ACTIONS[action]?.key ?? "";
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
