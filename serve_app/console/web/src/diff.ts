// Which words were added and which were removed: the longest common run of words stays (Wagner and Fischer 1974).

export interface Part {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Longer texts are compared as wholes: the table of the comparison grows with the product of both lengths. */
const MOST_WORDS = 1500;

export function wordDiff(before: string, after: string): Part[] {
  const [a, b] = [before.match(/\s+|\S+/g) ?? [], after.match(/\s+|\S+/g) ?? []];
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return [{ kind: "removed", text: before }, { kind: "added", text: after }];
  return joined(walk(a, b, lengths(a, b)));
}

/** `table[i][j]`: how many words of `a` from i and of `b` from j can be kept. */
function lengths(a: string[], b: string[]): Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row, below] = [table[i] as Uint16Array, table[i + 1] as Uint16Array];
    for (let j = b.length - 1; j >= 0; j -= 1) row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return table;
}

function walk(a: string[], b: string[], table: Uint16Array[]): Part[] {
  const parts: Part[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push({ kind: "same", text: a[i] as string });
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))) {
      parts.push({ kind: "removed", text: a[i] as string });
      i += 1;
    } else {
      parts.push({ kind: "added", text: b[j] as string });
      j += 1;
    }
  }
  return parts;
}

function joined(parts: Part[]): Part[] {
  const found: Part[] = [];
  for (const part of parts) {
    const last = found[found.length - 1];
    if (last?.kind === part.kind) last.text += part.text;
    else found.push({ ...part });
  }
  return found;
}
