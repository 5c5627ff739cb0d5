// Models: what serves, what served, the runs behind it, and the way back.
import { useState } from "preact/hooks";
import { get, post, type Json } from "../api";
import { Trials } from "../charts/trials";
import { figure, moment, percent, short } from "../format";
import { useLoad } from "../load";
import { href } from "../router";
import { hasRole } from "../session";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TaskPicker } from "../ui/task-picker";
import { Runs } from "./runs";

export function Experiments() {
  return (
    <>
      <h1>Experiments</h1>
      <TaskPicker page="experiments">
        {(task) => (
          <>
            <Model key={task} task={task} />
            <Runs task={task} />
          </>
        )}
      </TaskPicker>
    </>
  );
}

function Model({ task }: { task: string }) {
  const loaded = useLoad(() => get<Json>(`/v1/models/${encodeURIComponent(task)}`), [task]);
  const candidates = useLoad(() => get<{ approvals: Json[] }>(`/v1/approvals?task=${encodeURIComponent(task)}`), [task]);
  const [backTo, setBackTo] = useState<string | null>(null);
  const rollBack = (reason: string) => {
    const digest = backTo;
    setBackTo(null);
    post(`/v1/models/${encodeURIComponent(task)}/rollback`, { digest, reason }).then(
      () => {
        tell(`${short(digest)} serves again`);
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
            caption={`What has served ${task}: generation ${model.serving.generation} serves now`}
            file={`history-${task}`}
            empty="Nothing yet: every case goes to people until a first model is approved."
            rows={[...(model.history as Json[])].reverse()}
            columns={[
              { title: "generation", show: (row) => row.generation, value: (row) => row.generation, isNumber: true },
              { title: "version", show: (row) => versions(row), value: versions },
              { title: "since", show: (row) => moment(row.since), value: (row) => row.since },
              { title: "because", show: (row) => row.reason ?? row.cause, value: (row) => row.cause },
              { title: "approval", show: (row) => (row.approval_id ? <a href={href("approvals", [row.approval_id])}>{row.approval_id}</a> : "–"), value: (row) => row.approval_id },
              { title: "by", show: (row) => row.operator ?? "the quorum", value: (row) => row.operator },
              {
                title: "go back",
                show: (row) =>
                  hasRole("operator") && row.versions?.length && versions(row) !== versions(model.serving) ? (
                    <button type="button" onClick={() => setBackTo(row.versions[0][0])}>
                      Serve {short(row.versions[0][0])} again
                    </button>
                  ) : null,
              },
            ]}
          />
        )}
      </Shown>
      <Shown loaded={candidates}>{(found) => <Candidates rows={found.approvals} reload={candidates.reload} />}</Shown>
      {backTo ? <Ask title={`Serve ${short(backTo)} again`} label="Why" button="Roll back" run={rollBack} close={() => setBackTo(null)} /> : null}
    </>
  );
}

function versions(row: Json): string {
  return (row.versions ?? []).map(([digest, share]: [string, number]) => `${short(digest)} ${percent(share, 0)}`).join(", ") || "–";
}

const OVER = ["expired", "cancelled", "rejected"];

/** Champion against challenger, from the evidence that each request carries; what came to nothing can be asked for again. */
function Candidates({ rows, reload }: { rows: Json[]; reload: () => void }) {
  const models = rows.filter((row) => row.kind === "model_deployment");
  const newest = models[models.length - 1];
  const ask = ({ task, digest, title, evidence }: Json) =>
    post("/v1/approvals", { kind: "model_deployment", task, digest, title, evidence }).then(
      (answer) => {
        tell(`Asked for votes: ${(answer as Json).approval_id}`);
        reload();
      },
      (error: Error) => tell(error.message, "error"),
    );
  return (
    <>
      <Table
        caption="Candidates and what their evidence says"
        empty="No candidate has been proposed."
        rows={models}
        rowKey={(row) => row.approval_id}
        columns={[
          { title: "request", show: (row) => <a href={href("approvals", [row.approval_id])}>{row.title}</a> },
          { title: "version", show: (row) => <code>{short(row.digest)}</code> },
          { title: "accuracy", show: (row) => figure(accuracyOf(row.evidence?.candidate) ?? row.evidence?.accuracy), isNumber: true },
          { title: "champion's", show: (row) => figure(accuracyOf(row.evidence?.champion)), isNumber: true },
          { title: "differ by chance (McNemar p)", show: (row) => figure(row.evidence?.comparison?.mcnemar_exact_p), isNumber: true },
          { title: "status", show: (row) => row.status },
          {
            title: "ask again",
            show: (row) =>
              hasRole("trainer", "operator") && OVER.includes(row.status) ? (
                <button type="button" onClick={() => void ask(row)}>
                  Request promotion of {short(row.digest)}
                </button>
              ) : null,
          },
        ]}
      />
      {newest?.evidence?.trials?.length ? <Trials title={`Version ${short(newest.digest)}`} trials={newest.evidence.trials} /> : null}
    </>
  );
}

function accuracyOf(model: Json | null | undefined): number | undefined {
  return model?.accuracy?.value ?? undefined;
}
