// Names and values in pairs; and free JSON as nested pairs, always as text.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { sentence } from "../format";
import { text } from "../messages";
import { Verbatim } from "./verbatim";

export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const DEEPEST = 6;

export function Tree({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (value === null || value === undefined) return <>–</>;
  if (typeof value !== "object") {
    return (
      <span class="value text">
        <Verbatim>{String(value)}</Verbatim>
      </span>
    );
  }
  if (depth >= DEEPEST) return <code>{JSON.stringify(value)}</code>;
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return <span class="value">{value.join(", ") || text.value.states.nothing}</span>;
  const pairs: [string, unknown][] = Array.isArray(value) ? value.map((each, at) => [String(at + 1), each]) : Object.entries(value);
  return <Facts rows={pairs.map(([name, each]) => [sentence(name), <Tree value={each} depth={depth + 1} />])} />;
}

/** The whole of it as it was sent, for who wants to check; not drawn before somebody opens it. */
export function Raw({ value, title = text.value.states.raw }: { value: unknown; title?: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {isOpen ? (
        <pre class="raw" tabIndex={0}>
          <Verbatim>{JSON.stringify(value, null, 2)}</Verbatim>
        </pre>
      ) : null}
    </details>
  );
}
