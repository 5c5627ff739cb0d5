// The evidence of a model: the verdict in words first, then the figures behind it, then the cases that change.
import type { ApprovalView } from "../../api-types";
import { figure, percent, points, pValue, short } from "../../format";
import { text } from "../../messages";
import { may } from "../../session";
import { Chip, toneOf } from "../../ui/chip";
import { Raw, Tree } from "../../ui/facts";
import { Table } from "../../ui/table";
import { Verbatim } from "../../ui/verbatim";
import { Succession } from "../certificate";
import { at, listAt, numberAt, pairsAt, textAt } from "./evidence";
import { between, Change, shown } from "./key-figure";
import { estimateOf, mistakesOf, recallsOf, summaryOf, type KeyFigure, type ModelSummary } from "./verdict";

const SMALL = 300;
const SLOWER = 1.2;
/** Of these the service says what they wait for. */
const UNDECIDED = ["pending", "approved"];

export function ModelEvidence({ approval }: { approval: ApprovalView }) {
  const { evidence } = approval;
  const summary = summaryOf(evidence);
  const said = text.value.model;
  return (
    <>
      <Verdict summary={summary} name={approval.title} />
      {UNDECIDED.includes(approval.status) && may("see_quality") ? <Succession task={approval.task} only={approval.digest} /> : null}
      {summary.figures.length > 0 ? <KeyFigures figures={summary.figures} /> : null}
      <div class="split two">
        <Recalls evidence={evidence} />
        <Mistakes evidence={evidence} />
        <Segments evidence={evidence} />
      </div>
      <Rows title={said.fixes} rows={listAt(evidence, "promotion", "comparison", "fixes")} />
      <Rows title={said.breaks} rows={listAt(evidence, "promotion", "comparison", "new_errors")} />
      {at(evidence, "data") ? (
        <details class="panel">
          <summary>{said.lineage}</summary>
          <Tree value={at(evidence, "data")} />
        </details>
      ) : null}
      {at(evidence, "promotion") ? (
        <p>
          <a href={`/v1/approvals/${encodeURIComponent(approval.approval_id)}/evidence`} target="_blank" rel="noopener">
            {text.value.approvals.evidencePage}
          </a>
        </p>
      ) : null}
      <Raw value={evidence} />
    </>
  );
}

function Verdict({ summary, name }: { summary: ModelSummary; name: string }) {
  const said = text.value.model;
  const inWords = said.verdict[summary.verdict];
  const small = summary.rows !== null && summary.rows < SMALL;
  const warnings = [
    ...(summary.latencyRatio !== null && summary.latencyRatio > SLOWER ? [said.warnings.slower(figure(summary.latencyRatio, 2))] : []),
    ...(small ? [said.warnings.small(figure(summary.rows))] : []),
    ...(summary.notMeasured.length > 0 ? [said.warnings.notMeasured(summary.notMeasured.map((name) => said.claims[name] ?? name).join(", "))] : []),
  ];
  return (
    <section class="panel verdict" aria-label={said.verdictColumn}>
      <p class="lead">
        <Chip tone={toneOf(summary.verdict)}>{said.verdictColumn}</Chip>{" "}
        <strong>
          <Verbatim>{inWords ? inWords(name) : `${name}: ${summary.verdict}`}</Verbatim>
        </strong>
      </p>
      <p class="lead">{factsOf(summary).join(" · ")}</p>
      <p class="hint">{summary.measuredBy ? said.measuredBy(summary.measuredBy) : summary.verdict === "none" ? "" : said.claimed}</p>
      {warnings.map((warning) => (
        <p key={warning} class="hint">
          <Chip tone="warn">{warning}</Chip>
        </p>
      ))}
    </section>
  );
}

function inPoints(difference: number | null): string {
  return difference === null ? "–" : text.value.quality.proof.points(points(difference));
}

/** The sentence under the verdict, part by part. */
function factsOf(summary: ModelSummary): string[] {
  const said = text.value.model;
  const { gain, accuracy, rows, fixed, broken, p } = summary;
  const facts: string[] = [];
  if (gain?.value != null && gain.low !== null && gain.high !== null) facts.push(said.gain(points(gain.value), points(gain.low), points(gain.high), "95%"));
  else if (accuracy.value !== null) facts.push(said.accuracy(percent(accuracy.value), percent(accuracy.low), percent(accuracy.high)));
  if (fixed !== null && broken !== null) facts.push(said.swaps(figure(fixed), figure(broken)));
  if (p !== null) facts.push(said.chance(pValue(p)));
  if (rows !== null) facts.push(said.rows(figure(rows)));
  return facts;
}

function KeyFigures({ figures }: { figures: KeyFigure[] }) {
  const said = text.value.model;
  return (
    <Table
      caption={said.figures}
      file="evidence"
      rows={figures}
      rowKey={(row) => row.name}
      columns={[
        {
          title: said.figure,
          show: (row) => (
            <>
              {said.names[row.name]}{" "}
              <span class="note" title={row.isBetterUp ? said.direction.up : said.direction.down}>
                {row.isBetterUp ? "↑" : "↓"} <span class="unseen">{row.isBetterUp ? said.direction.up : said.direction.down}</span>
              </span>
            </>
          ),
          value: (row) => said.names[row.name],
        },
        { title: said.this, show: (row) => shown(row.mine.value, row.unit), value: (row) => row.mine.value, isNumber: true },
        { title: said.current, show: (row) => shown(row.current, row.unit), value: (row) => row.current, isNumber: true },
        { title: said.change, show: (row) => <Change row={row} />, value: (row) => (row.current === null || row.mine.value === null ? null : row.mine.value - row.current), isNumber: true },
        { title: said.interval, show: (row) => between(row.mine, row.unit), value: (row) => row.mine.low, isNumber: true },
        { title: said.n, show: (row) => figure(row.mine.n), value: (row) => row.mine.n, isNumber: true },
      ]}
    />
  );
}

function Recalls({ evidence }: { evidence: unknown }) {
  const rows = recallsOf(evidence);
  const said = text.value.model;
  if (rows.length === 0) return null;
  return (
    <Table
      caption={said.byLabel}
      rows={rows}
      rowKey={(row) => row.label}
      columns={[
        { title: said.label, show: (row) => row.label },
        { title: said.this, show: (row) => percent(row.mine.value), isNumber: true },
        { title: said.current, show: (row) => percent(row.current), isNumber: true },
        { title: said.interval, show: (row) => between(row.mine, "share"), isNumber: true },
        { title: said.n, show: (row) => figure(row.mine.n), isNumber: true },
      ]}
    />
  );
}

function Mistakes({ evidence }: { evidence: unknown }) {
  const rows = mistakesOf(evidence);
  const said = text.value.model;
  if (rows.length === 0) return null;
  return (
    <Table
      caption={said.mistakes}
      rows={rows}
      columns={[
        { title: said.truth, show: (row) => row.truth },
        { title: said.answered, show: (row) => row.answered },
        { title: said.count, show: (row) => figure(row.count), isNumber: true },
      ]}
    />
  );
}

function Segments({ evidence }: { evidence: unknown }) {
  const rows = pairsAt(evidence, "promotion", "comparison", "segments");
  const said = text.value.model;
  if (rows.length < 2) return null;
  return (
    <Table
      caption={said.bySegment}
      rows={rows}
      rowKey={([name]) => name}
      columns={[
        { title: said.segment, show: ([name]) => name },
        { title: said.verdictColumn, show: ([, row]) => <Chip tone={toneOf(textAt(row, "verdict") ?? "")}>{textAt(row, "verdict") ?? "–"}</Chip> },
        { title: said.change, show: ([, row]) => inPoints(estimateOf(at(row, "gain") ?? row).value), isNumber: true },
        { title: said.n, show: ([, row]) => figure(numberAt(row, "n") ?? numberAt(row, "gain", "n")), isNumber: true },
      ]}
    />
  );
}

function Rows({ title, rows }: { title: string; rows: unknown[] }) {
  const said = text.value.model;
  if (rows.length === 0) return null;
  return (
    <details class="panel">
      <summary>
        {title} ({figure(rows.length)})
      </summary>
      <Table
        caption={title}
        rows={rows}
        columns={[
          { title: said.case, show: (row) => short(textAt(row, "id")), value: (row) => textAt(row, "id") },
          { title: said.truth, show: (row) => textAt(row, "truth") ?? "–" },
          { title: said.this, show: (row) => textAt(row, "challenger") ?? "–" },
          { title: said.current, show: (row) => textAt(row, "champion") ?? "–" },
          { title: said.confidence, show: (row) => percent(numberAt(row, "confidence")), isNumber: true },
        ]}
      />
    </details>
  );
}
