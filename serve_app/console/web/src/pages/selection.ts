// Which rows of a list are selected, and the row under the cursor.
import { useState } from "preact/hooks";

export interface Selection {
  chosen: string[];
  current: number;
  has: (id: string) => boolean;
  move: (by: number) => void;
  toggle: (id: string) => void;
  toggleCurrent: () => void;
  selectRange: () => void;
  clear: () => void;
}

/** A selection over `ids` in the order in which they are shown; what is shown no longer is not chosen. */
export function useSelection(ids: string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState(0);
  const [last, setLast] = useState<string | null>(null);
  const current = Math.min(cursor, Math.max(0, ids.length - 1));
  const toggle = (id: string) => {
    const changed = new Set(chosen);
    if (!changed.delete(id)) changed.add(id);
    setChosen(changed);
    setLast(id);
    setCursor(ids.indexOf(id));
  };
  const selectRange = () => {
    const from = last === null ? current : Math.max(0, ids.indexOf(last));
    const range = ids.slice(Math.min(from, current), Math.max(from, current) + 1);
    setChosen(new Set([...chosen, ...range]));
  };
  const at = ids[current];
  return {
    chosen: ids.filter((id) => chosen.has(id)),
    current,
    has: (id) => chosen.has(id),
    move: (by) => setCursor(Math.min(Math.max(0, current + by), Math.max(0, ids.length - 1))),
    toggle,
    toggleCurrent: () => at !== undefined && toggle(at),
    selectRange,
    clear: () => setChosen(new Set()),
  };
}
