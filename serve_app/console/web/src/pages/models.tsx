// Models: what is deployed, what was, the candidates, the retrainings and the runs behind them, and the way back.
import { useState } from "preact/hooks";
import { act, read } from "../api";
import type { ApprovalView, RetrainingView, ServingView } from "../api-types";
import { Trials } from "../charts/trials";
import { figure, moment, percent, pValue, relative, sentence, short, span } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place } from "../router";
import { may } from "../session";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { Chip, toneOf } from "../ui/chip";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TaskPicker } from "../ui/task-picker";
import { Verbatim } from "../ui/verbatim";
import { listAt } from "./approval/evidence";
import { summaryOf } from "./approval/verdict";
import { Succession } from "./certificate";
import { Compare } from "./compare";
import { ExportExamples } from "./export-examples";
import { trainedOf } from "./retraining-words";
import { Runs } from "./runs";
import { Watching } from "./watching";

export function Models() {
  const [task, view] = place.value.rest;
  if (task && view === "compare") return <Compare key={task} task={task} />;
  return (
    <>
      <PageHead title={text.value.shell.pages.models} />
      <TaskPicker page="models">
        {(task) => (
          <div key={task}>
            {may("see_quality") ? <Succession task={task} /> : null}
            <Deployments task={task} />
            {may("see_quality") ? <Watching task={task} /> : null}
            {may("see_approvals") ? <Candidates task={task} /> : null}
            {may("see_retrainings") ? <Retrainings task={task} /> : null}
            {may("see_runs") ? <Runs task={task} /> : null}
            {may("export_examples") ? <ExportExamples task={task} /> : null}
          </div>
        )}
      </TaskPicker>
    </>
  );
}

function versions(row: ServingView): string {
  return row.versions.map(([digest, share]) => `${short(digest)}${share < 1 ? ` ${percent(share, 0)}` : ""}`).join(", ") || "–";
}

function Deployments({ task }: { task: string }) {
  const loaded = useLoad(() => read("/v1/models/{task}", { task }), [task], ["approvals"]);
  const [backTo, setBackTo] = useState<string | null>(null);
  const said = text.value.admin.models;
  const rollBack = (reason: string) => {
    const digest = backTo ?? "";
    setBackTo(null);
    act("POST /v1/models/{task}/rollback", { task }, { digest, reason }).then(
      () => {
        tell(said.rolledBack(short(digest)));
        loaded.reload();
      },
      (error: Error) => tell(error.message, "error"),
    );
  };
  return (
    <>
      <Shown loaded={loaded}>
        {(model) => (
          <Table
            caption={said.history}
            total={model.serving.generation > 0 ? `#${model.serving.generation}` : ""}
            file={`history-${task}`}
            empty={said.none}
            rows={[...model.history].reverse()}
            rowKey={(row) => row.generation}
            columns={[
              { title: said.deployment, show: (row) => `#${row.generation}`, value: (row) => row.generation, isNumber: true },
              { title: said.version, show: versions, value: versions },
              { title: said.status, show: (row) => (row.generation === model.serving.generation ? <Chip tone="good">{said.current}</Chip> : null) },
              { title: said.since, show: (row) => <span title={moment(row.since)}>{relative(row.since)}</span>, value: (row) => row.since },
              { title: said.reason, show: (row) => row.reason ?? sentence(row.cause ?? ""), value: (row) => row.cause },
              { title: said.by, show: (row) => row.operator ?? said.quorum, value: (row) => row.operator },
              { title: said.approval, show: (row) => (row.approval_id ? <a href={href("approvals", [row.approval_id])}>{row.approval_id}</a> : "–"), value: (row) => row.approval_id },
              {
                title: said.rollBack,
                show: (row) =>
                  may("roll_back") && row.versions[0] && versions(row) !== versions(model.serving) ? (
                    <button type="button" class="quiet" aria-label={said.rollBackTo(short(row.versions[0][0]))} onClick={() => setBackTo(row.versions[0]?.[0] ?? null)}>
                      {said.rollBack}
                    </button>
                  ) : null,
              },
            ]}
          />
        )}
      </Shown>
      {backTo ? <Ask title={said.rollBackTo(short(backTo))} label={said.reason} button={said.rollBack} run={rollBack} close={() => setBackTo(null)} /> : null}
    </>
  );
}

const OVER = ["expired", "cancelled", "rejected"];

/** Each request with what its evidence says; what came to nothing can be asked for again. The newest first. */
function Candidates({ task }: { task: string }) {
  const loaded = useLoad(() => read("/v1/approvals", {}, { task, kind: "model_deployment", limit: 500 }), [task], ["approvals"]);
  const said = text.value.admin.models;
  const ask = ({ digest, title, evidence }: ApprovalView) =>
    act("POST /v1/approvals", {}, { kind: "model_deployment", task, digest, title, evidence }).then(
      (answer) => {
        tell(said.asked(answer.approval_id));
        loaded.reload();
      },
      (error: Error) => tell(error.message, "error"),
    );
  return (
    <Shown loaded={loaded}>
      {({ approvals }) => {
        const rows = approvals.map((approval) => ({ approval, summary: summaryOf(approval.evidence) })).reverse();
        const newest = rows[0]?.approval;
        const trials = newest ? listAt(newest.evidence, "trials") : [];
        return (
          <>
            <Table
              caption={said.candidates}
              empty={said.candidatesNone}
              rows={rows}
              rowKey={(row) => row.approval.approval_id}
              columns={[
                { title: said.request, show: ({ approval }) => <a href={href("approvals", [approval.approval_id])}>{approval.title}</a>, value: ({ approval }) => approval.title },
                { title: said.version, show: ({ approval }) => <code title={approval.digest}>{short(approval.digest)}</code> },
                { title: said.status, show: ({ approval }) => <Chip tone={toneOf(approval.status)}>{text.value.approvals.statuses[approval.status] ?? approval.status}</Chip> },
                { title: said.accuracy, show: ({ summary }) => percent(summary.accuracy.value), isNumber: true },
                { title: said.currentModel, show: ({ summary }) => percent(summary.figures[0]?.current), isNumber: true },
                { title: said.p, show: ({ summary }) => pValue(summary.p), isNumber: true },
                {
                  title: said.resubmit,
                  show: ({ approval }) =>
                    may("request_models") && OVER.includes(approval.status) ? (
                      <button type="button" class="quiet" aria-label={said.resubmitOf(short(approval.digest))} onClick={() => void ask(approval)}>
                        {said.resubmit}
                      </button>
                    ) : null,
                },
              ]}
            />
            {rows.length > 1 ? (
              <p>
                <a class="button" href={href("models", [task, "compare"])}>
                  {text.value.admin.compare.link}
                </a>
              </p>
            ) : null}
            {newest && trials.length > 0 ? <Trials title={said.version2(short(newest.digest))} trials={trials} /> : null}
          </>
        );
      }}
    </Shown>
  );
}

function Retrainings({ task }: { task: string }) {
  const loaded = useLoad(() => read("/v1/triggers"), [], ["learning"]);
  const [isAsking, setAsking] = useState(false);
  const said = text.value.admin.models;
  const run = (reason: string) => {
    setAsking(false);
    act("POST /v1/triggers", {}, { task, reason }).then(
      () => loaded.reload(),
      (error: Error) => tell(error.message, "error"),
    );
  };
  return (
    <>
      <Shown loaded={loaded}>
        {({ retrainings }) => (
          <Table
            caption={said.retrainings}
            empty={said.retrainingsNone}
            rows={retrainings.filter((row) => row.task === task).reverse()}
            rowKey={(row) => row.key}
            columns={[
              { title: said.started, show: (row) => <span title={moment(row.triggered_at)}>{relative(row.triggered_at)}</span> },
              { title: said.reason, show: (row) => row.reason, value: (row) => row.reason },
              { title: said.status, show: (row) => <Chip tone={toneOf(row.status === "succeeded" ? "completed" : row.status)}>{sentence(row.status)}</Chip> },
              { title: said.detail, show: (row) => <Came row={row} />, value: (row) => row.detail, isLong: true },
            ]}
          />
        )}
      </Shown>
      {may("retrain") ? (
        <p>
          <button type="button" onClick={() => setAsking(true)}>
            {said.retrain}
          </button>
        </p>
      ) : null}
      {isAsking ? <Ask title={said.retrain} label={said.retrainWhy} button={said.retrain} run={run} close={() => setAsking(false)} /> : null}
    </>
  );
}

/** What came of a retraining: its request with the figures, its error, or where its progress stands. */
function Came({ row }: { row: RetrainingView }) {
  const said = text.value.admin.models;
  const trained = trainedOf(row.detail);
  if (row.detail === null) return <>{row.settled_at === null ? said.inProgress : "–"}</>;
  if (trained === null) return <Verbatim>{row.detail}</Verbatim>;
  const { accuracy, current, rows, seconds } = trained;
  return (
    <>
      <a href={href("approvals", [trained.approval])}>{said.asksFor(trained.approval)}</a> {said.came(percent(accuracy), percent(current), figure(rows), span(seconds))}
    </>
  );
}
