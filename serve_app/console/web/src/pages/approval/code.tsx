// Code or content under approval, line by line as it is, with every finding at its line.
import { useRef } from "preact/hooks";
import { inside } from "../../format";
import { text } from "../../messages";
import { Chip, toneOf } from "../../ui/chip";
import { Verbatim } from "../../ui/verbatim";
import { useKeys } from "../../keys";
import { tokensOf } from "./tokens";
import { countsOf, type ShownFinding } from "./findings";

/** Of a request's context: what people approve line by line. */
const CODE = ["code", "script"];
const CONTENT = ["content"];

export interface LinedText {
  name: string;
  lines: string[];
  isCode: boolean;
}

export function linedTexts(context: Record<string, unknown>): LinedText[] {
  return [...CODE, ...CONTENT].flatMap((name) => {
    const found = context[name];
    return typeof found === "string" ? [{ name, lines: found.split("\n"), isCode: CODE.includes(name) }] : [];
  });
}

export function Checked({ texts, findings, wasChecked }: { texts: LinedText[]; findings: ShownFinding[]; wasChecked: boolean }) {
  const said = text.value.checks;
  const at = useRef(-1);
  const turn = (by: number) => {
    if (findings.length === 0) return;
    at.current = (at.current + by + findings.length) % findings.length;
    const finding = findings[at.current];
    if (finding) show(finding);
  };
  useKeys({ next: () => turn(1), previous: () => turn(-1) });
  if (texts.length === 0 && findings.length === 0) return null;
  return (
    <section class="panel" aria-label={said.title}>
      <div class="figure-head">
        <h2>{said.title}</h2>
        <span class="chips">
          {countsOf(findings).map(({ severity, count }) => (
            <Chip key={severity} tone={toneOf(severity)}>
              {count} {inside(said.severity[severity] ?? severity)}
            </Chip>
          ))}
        </span>
      </div>
      {findings.length === 0 ? <p>{wasChecked ? <Chip tone="good">{said.clean}</Chip> : <Chip tone="warn">{said.unchecked}</Chip>}</p> : null}
      <ol class="findings">
        {findings.map((finding, number) => (
          <li key={number}>
            <Chip tone={toneOf(finding.severity)}>{said.severity[finding.severity] ?? finding.severity}</Chip>{" "}
            <button type="button" class="quiet" onClick={() => show(finding)} aria-label={said.goToLine(finding.line)}>
              {said.line(finding.line)}
            </button>{" "}
            <span class="reason">{finding.reason}</span> <code class="note">{finding.rule}</code>
          </li>
        ))}
      </ol>
      {texts.map((one) => (
        <Lines key={one.name} shown={one} findings={findings.filter((finding) => finding.of === "" || finding.of === one.name)} />
      ))}
    </section>
  );
}

function Lines({ shown, findings }: { shown: LinedText; findings: ShownFinding[] }) {
  const said = text.value.checks;
  const name = shown.isCode ? said.code : said.content;
  const byLine = Map.groupBy(findings, (finding) => finding.line);
  const label = said.shown(shown.name === "code" || shown.name === "content" ? name : shown.name, shown.lines.length);
  return (
    <>
      <h3>{label}</h3>
      <ol class={shown.isCode ? "code-view" : "code-view prose"} tabIndex={0} aria-label={label}>
        {shown.lines.map((line, number) => {
          const here = byLine.get(number + 1) ?? [];
          return (
            <li key={number} id={lineId(shown.name, number + 1)} class={here.length ? `hit ${here.some((finding) => finding.severity === "high") ? "high" : ""}` : undefined}>
              <code>{shown.isCode ? <Coloured line={line} /> : <Verbatim>{line || " "}</Verbatim>}</code>
              {here.map((finding, of) => (
                <span key={of} class={`remark ${finding.severity}`}>
                  <strong>{said.severity[finding.severity] ?? finding.severity}:</strong> {finding.reason} <code class="note">{finding.rule}</code>
                </span>
              ))}
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Coloured({ line }: { line: string }) {
  if (line === "") return <> </>;
  return (
    <>
      {tokensOf(line).map((token, at) =>
        token.kind ? (
          <span key={at} class={`tok-${token.kind}`}>
            <Verbatim>{token.text}</Verbatim>
          </span>
        ) : (
          <Verbatim key={at}>{token.text}</Verbatim>
        ),
      )}
    </>
  );
}

function lineId(name: string, line: number): string {
  return `line-${name}-${line}`;
}

function show(finding: ShownFinding): void {
  const names = finding.of ? [finding.of] : [...CODE, ...CONTENT];
  const found = names.map((name) => document.getElementById(lineId(name, finding.line))).find((element) => element !== null);
  found?.scrollIntoView({ block: "center" });
}
