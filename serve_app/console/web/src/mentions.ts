// `@name` in words about a case, as the service reads it.
const MENTION = /(?<![^\s([{,;:"'])@([A-Za-z0-9](?:[A-Za-z0-9._~+-]{0,98}[A-Za-z0-9])?)(?![A-Za-z0-9@])/g;
const BEGUN = /(?<![^\s([{,;:"'])@([A-Za-z0-9._~+-]{0,100})$/;

export interface Piece {
  said: string;
  /** Who is named by it. */
  person?: string;
}

/** The text in pieces, those that name somebody apart. */
export function piecesOf(said: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of said.matchAll(MENTION)) {
    if (match.index > at) found.push({ said: said.slice(at, match.index) });
    found.push({ said: match[0], person: match[1] ?? "" });
    at = match.index + match[0].length;
  }
  if (at < said.length) found.push({ said: said.slice(at) });
  return found;
}

/** The beginning of a name that is being written right before the cursor; null: none. */
export function begunAt(said: string, cursor: number): string | null {
  return BEGUN.exec(said.slice(0, cursor))?.[1] ?? null;
}

/** The text with the begun name written out, and where the cursor stands then. */
export function completed(said: string, cursor: number, name: string): { said: string; cursor: number } {
  const begun = begunAt(said, cursor) ?? "";
  const before = `${said.slice(0, cursor - begun.length)}${name} `;
  return { said: before + said.slice(cursor), cursor: before.length };
}
