// The parts of a line of code that are worth a colour: comments, texts, numbers and key words. Every character stays.

export interface Token {
  text: string;
  /** k: key word, s: text, c: comment, n: number; none for the rest. */
  kind?: "k" | "s" | "c" | "n";
}

const WORDS =
  "and|as|assert|async|await|break|case|class|const|continue|def|del|do|done|elif|else|esac|except|export|fi|finally|for|from|function|global|if|import|in|is|lambda|let|match|new|nonlocal|not|or|pass|raise|return|select|then|throw|try|var|while|with|yield|None|True|False|null|true|false|SELECT|FROM|WHERE|INSERT|UPDATE|DELETE|DROP|CREATE|TABLE|INTO|VALUES|JOIN";
const PATTERN = new RegExp(`(#.*$|//.*$|--\\s.*$)|("(?:[^"\\\\]|\\\\.)*"?|'(?:[^'\\\\]|\\\\.)*'?)|\\b(\\d[\\w.]*)\\b|\\b(${WORDS})\\b`, "g");
const KINDS = ["c", "s", "n", "k"] as const;

export function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(PATTERN)) {
    if (match.index > end) tokens.push({ text: line.slice(end, match.index) });
    const kind = KINDS[[1, 2, 3, 4].findIndex((group) => match[group] !== undefined)];
    tokens.push(kind ? { text: match[0], kind } : { text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < line.length) tokens.push({ text: line.slice(end) });
  return tokens;
}
