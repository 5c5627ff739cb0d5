// One short message at the edge of the page; the next one takes its place. It may carry an action, such as undo.
import { signal } from "@preact/signals";

export interface Toast {
  id: number;
  text: string;
  tone: "done" | "warning" | "error";
  action?: { label: string; run: () => void };
}

export const toast = signal<Toast | null>(null);
let last = 0;

export function tell(said: string, tone: Toast["tone"] = "done", action?: Toast["action"], shownMs = 6000): () => void {
  last += 1;
  const id = last;
  toast.value = action ? { id, text: said, tone, action } : { id, text: said, tone };
  const close = () => {
    if (toast.value?.id === id) toast.value = null;
  };
  setTimeout(close, shownMs);
  return close;
}
