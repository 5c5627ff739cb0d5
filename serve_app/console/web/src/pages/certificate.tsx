// What may be automatic for a task, by which proof, or what is missing; and what each challenger waits for.
import { read } from "../api";
import type { CertificateOverview, SegmentFinding, VaultComparison } from "../api-types";
import { figure, percent, points, sentence, short } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { Chip, toneOf } from "../ui/chip";
import { Raw } from "../ui/facts";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Verbatim } from "../ui/verbatim";

export function useCertificate(task: string) {
  return useLoad(() => read("/v1/quality/{task}/certificate", { task }), [task], ["approvals"]);
}

/** The whole proof, on the page of a task's figures. */
export function Certificate({ task }: { task: string }) {
  const loaded = useCertificate(task);
  return (
    <Shown loaded={loaded}>
      {(found) => (
        <section aria-label={text.value.quality.certificate}>
          <h2>{text.value.quality.certificate}</h2>
          <p class="hint">{promised(found.risk)}</p>
          <Stopped stopped={found.stopped} />
          <WaitingModels found={found} />
          <Segments found={found} />
          <Challengers found={found} />
          <Raw value={found} />
        </section>
      )}
    </Shown>
  );
}

/** The headline: what is promised, and whether for each segment by itself or for all of them together. */
function promised(risk: CertificateOverview["risk"]): string {
  const said = text.value.quality.proof;
  if (risk === "uncertified") return said.uncertified;
  const tell = risk.family === "all" ? said.promiseOfAll : said.promise;
  return tell(percent(risk.level), percent(risk.confidence));
}

function Stopped({ stopped }: { stopped: Record<string, string> }) {
  return (
    <>
      {Object.entries(stopped).map(([segment, why]) => (
        <p key={segment} class="notice warning">
          <strong>{text.value.quality.proof.stopped(segment)}</strong> <Verbatim>{why}</Verbatim>
        </p>
      ))}
    </>
  );
}

/** Why an approved model does not serve yet, in the service's words. */
export function WaitingModels({ found: { task, waits_for } }: { found: Pick<CertificateOverview, "task" | "waits_for"> }) {
  const said = text.value.quality.proof;
  return (
    <>
      {Object.entries(waits_for).map(([digest, why]) => (
        <p key={digest} class="notice warning" role="status">
          <strong>
            {said.waits} <a href={href("models", [task])} title={digest}>{short(digest)}</a>
          </strong>
          {" – "}
          <Verbatim>{`${why}.`}</Verbatim> {said.takesOver}
        </p>
      ))}
    </>
  );
}

type Segment = { model: string; segment: string; finding: SegmentFinding };

function Segments({ found }: { found: CertificateOverview }) {
  const said = text.value.quality.proof;
  const rows: Segment[] = Object.entries(found.models).flatMap(([model, parts]) => Object.entries(parts).map(([segment, finding]) => ({ model, segment, finding })));
  if (rows.length === 0) return null;
  return (
    <Table
      caption={said.segments}
      file={`certificate-${found.task}`}
      rows={rows}
      rowKey={(row) => `${row.model} ${row.segment}`}
      columns={[
        { title: said.model, show: (row) => <code title={row.model}>{short(row.model)}</code>, value: (row) => row.model },
        { title: said.segment, show: (row) => row.segment, value: (row) => row.segment },
        { title: said.state, show: ({ finding }) => <Standing finding={finding} />, value: ({ finding }) => finding.reason },
        { title: said.threshold, show: ({ finding }) => figure(finding.in_force), value: ({ finding }) => finding.in_force, isNumber: true },
        { title: said.errors, show: ({ finding }) => `${figure(finding.errors)} / ${figure(finding.labels)}`, value: ({ finding }) => finding.errors, isNumber: true },
        { title: said.missing, show: ({ finding }) => figure(finding.missing), value: ({ finding }) => finding.missing, isNumber: true },
        { title: said.reason, show: ({ finding }) => finding.reason, value: ({ finding }) => finding.reason, isLong: true },
      ]}
    />
  );
}

function Standing({ finding }: { finding: SegmentFinding }) {
  const said = text.value.quality.proof;
  if (finding.stopped) return <Chip tone="bad">{said.isStopped}</Chip>;
  return finding.in_force === null ? <Chip>{said.isEarning}</Chip> : <Chip tone="good">{said.isAutomatic}</Chip>;
}

/** Each model that waits beside the one that serves, on rows that neither has learned from. */
function Challengers({ found }: { found: CertificateOverview }) {
  const said = text.value.quality.proof;
  const rows: [string, VaultComparison][] = Object.entries(found.challengers);
  if (rows.length === 0) return null;
  return (
    <Table
      caption={said.challengers}
      rows={rows}
      rowKey={([digest]) => digest}
      columns={[
        { title: said.model, show: ([digest]) => <code title={digest}>{short(digest)}</code> },
        { title: said.verdict, show: ([, row]) => <Chip tone={toneOf(row.verdict)}>{sentence(row.verdict)}</Chip> },
        { title: said.gain, show: ([, row]) => (row.gain === null ? "–" : said.points(points(row.gain))), isNumber: true },
        { title: said.wins, show: ([, row]) => figure(row.wins), isNumber: true },
        { title: said.losses, show: ([, row]) => figure(row.losses), isNumber: true },
        { title: text.value.charts.cases, show: ([, row]) => figure(row.rows), isNumber: true },
      ]}
    />
  );
}

/** On the pages of the task's models and of the request for one (`only`): what waits, and nothing where nothing does. */
export function Succession({ task, only }: { task: string; only?: string }) {
  const { data } = useCertificate(task);
  if (data === undefined) return null;
  const waits = Object.entries(data.waits_for).filter(([digest]) => only === undefined || digest === only);
  return <WaitingModels found={{ task, waits_for: Object.fromEntries(waits) }} />;
}
