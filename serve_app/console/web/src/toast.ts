// Short messages at the edge of the page; one may carry an action, such as undo, for as long as it is shown.
import { signal } from "@preact/signals";

export interface Toast {
  id: number;
  text: string;
  tone: "done" | "warning" | "error";
  action?: { label: string; run: () => void };
}

export const toasts = signal<Toast[]>([]);
let last = 0;

export function tell(text: string, tone: Toast["tone"] = "done", action?: Toast["action"], shownMs = 6000): () => void {
  last += 1;
  const id = last;
  toasts.value = [...toasts.value, action ? { id, text, tone, action } : { id, text, tone }];
  const close = () => {
    toasts.value = toasts.value.filter((each) => each.id !== id);
  };
  setTimeout(close, shownMs);
  return close;
}
