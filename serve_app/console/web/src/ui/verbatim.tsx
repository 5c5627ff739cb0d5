// Text from outside, exactly as it is: never as markup, and with characters marked that change the order in which it is shown.
import { text } from "../messages";

// Bidirectional embeddings, overrides and isolates; zero-width and other invisible characters.
const HIDDEN = /([\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff])/;

export function Verbatim({ children }: { children: string }) {
  if (!HIDDEN.test(children)) return <>{children}</>;
  return (
    <bdi>
      {children.split(HIDDEN).map((part, at) =>
        at % 2 === 1 ? (
          <mark key={at} class="control" title={text.value.checks.hiddenCharacter(codeOf(part))}>
            {codeOf(part)}
          </mark>
        ) : (
          part
        ),
      )}
    </bdi>
  );
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
