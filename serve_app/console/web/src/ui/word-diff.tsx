// Two texts as one, with what was added and what was removed marked by more than colour.
import { wordDiff } from "../diff";

export function WordDiff({ before, after, label }: { before: string; after: string; label: string }) {
  return (
    <p class="text words" aria-label={label}>
      {wordDiff(before, after).map((part, at) => (part.kind === "added" ? <ins key={at}>{part.text}</ins> : part.kind === "removed" ? <del key={at}>{part.text}</del> : <span key={at}>{part.text}</span>))}
    </p>
  );
}

/** A result of any kind as the text that is compared. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null, null, 1);
}
