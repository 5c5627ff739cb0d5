// A text in which `@` offers the people who may see the case; and such a text as it is read, each name with a link.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { begunAt, completed, piecesOf } from "../mentions";
import { text } from "../messages";
import { href } from "../router";
import { Verbatim } from "./verbatim";

/** Names at a time: another letter leaves fewer. */
const MOST = 8;

interface MentionTextProps {
  id: string;
  value: string;
  maxLength: number;
  enter: (said: string) => void;
  /** The names that begin with `prefix`. */
  people: (prefix: string) => Promise<string[]>;
}

export function MentionText({ id, value, maxLength, enter, people }: MentionTextProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [begun, setBegun] = useState<string | null>(null);
  const [found, setFound] = useState<string[]>([]);
  const [at, setAt] = useState(0);
  useEffect(() => {
    let isLatest = true;
    setFound([]);
    setAt(0);
    // Without the list the name can still be written out; the service checks it.
    if (begun !== null) void people(begun).then((names) => isLatest && setFound(names.slice(0, MOST)), () => undefined);
    return () => {
      isLatest = false;
    };
  }, [begun]);
  const look = () => setBegun(field.current ? begunAt(field.current.value, field.current.selectionStart) : null);
  const choose = (name: string | undefined) => {
    const element = field.current;
    if (!element || name === undefined) return;
    const after = completed(element.value, element.selectionStart, name);
    enter(after.said);
    setBegun(null);
    element.value = after.said;
    element.setSelectionRange(after.cursor, after.cursor);
    element.focus();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (found.length === 0) return event.key === "Escape" ? field.current?.blur() : undefined;
    if (step) setAt((at + step + found.length) % found.length);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") choose(found[at]);
    else if (event.key === "Escape") setBegun(null);
    else return undefined;
    event.preventDefault();
    return event.stopPropagation();
  };
  return (
    <>
      <textarea
        ref={field}
        id={id}
        maxLength={maxLength}
        value={value}
        aria-autocomplete="list"
        aria-controls={found.length > 0 ? list : undefined}
        aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
        onInput={(event) => {
          enter(event.currentTarget.value);
          look();
        }}
        onKeyDown={press}
        onClick={look}
        onBlur={() => setBegun(null)}
      />
      {found.length > 0 ? (
        <ul id={list} class="palette names" role="listbox" aria-label={text.value.review.people}>
          {found.map((name, number) => (
            <li key={name} id={`${list}-${number}`} role="option" aria-selected={number === at} onPointerDown={(event) => (event.preventDefault(), choose(name))}>
              {name}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

/** The name leads to the cases that the person decided. */
export function WithMentions({ children }: { children: string }) {
  return (
    <>
      {piecesOf(children).map(({ said, person }, at) =>
        person ? (
          <a key={at} href={href("cases", [], { reviewer: person })}>
            {said}
          </a>
        ) : (
          <Verbatim key={at}>{said}</Verbatim>
        ),
      )}
    </>
  );
}
