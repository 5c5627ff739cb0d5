// Names and values in pairs; and any JSON as nested pairs, always as text.
import type { ComponentChildren } from "preact";
import { words } from "../format";

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
  if (typeof value !== "object") return <span class="value">{String(value)}</span>;
  if (depth >= DEEPEST) return <code>{JSON.stringify(value)}</code>;
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return <span class="value">{value.join(", ") || "none"}</span>;
  const pairs: [string, unknown][] = Array.isArray(value) ? value.map((each, at) => [String(at + 1), each]) : Object.entries(value);
  return <Facts rows={pairs.map(([name, each]) => [words(name), <Tree value={each} depth={depth + 1} />])} />;
}
