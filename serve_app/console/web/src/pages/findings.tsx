// What the static checks found, each at its line of the code or text that it is about.
import type { Json } from "../api";

const CODE_KEYS = ["script", "code", "content"];

export function Findings({ findings, context }: { findings: Json[]; context: Json }) {
  const name = CODE_KEYS.find((key) => typeof context[key] === "string");
  if (findings.length === 0 && !name) return null;
  return (
    <section>
      <h2>Checks</h2>
      {findings.length === 0 ? <p>No finding.</p> : null}
      <ul>
        {findings.map((finding, at) => (
          <li key={at}>
            <strong>{String(finding.severity ?? finding.policy ?? finding.check ?? "finding")}</strong>
            {finding.line ? ` line ${finding.line}: ` : ": "}
            {String(finding.reason ?? finding.message ?? finding.text ?? "")}
          </li>
        ))}
      </ul>
      {name ? <Lines text={String(context[name])} findings={findings} /> : null}
    </section>
  );
}

function Lines({ text, findings }: { text: string; findings: Json[] }) {
  const hits = new Map<number, Json[]>();
  for (const finding of findings) if (finding.line) hits.set(finding.line, [...(hits.get(finding.line) ?? []), finding]);
  return (
    <ol class="code">
      {text.split("\n").map((line, at) => (
        <li key={at} class={hits.has(at + 1) ? "hit" : undefined}>
          <code>{line || " "}</code>
          {(hits.get(at + 1) ?? []).map((finding, of) => (
            <span key={of} class="remark">
              ▲ {String(finding.reason ?? finding.message ?? "")}
            </span>
          ))}
        </li>
      ))}
    </ol>
  );
}
