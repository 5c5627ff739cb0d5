// Workflows with their stages, and the questions of pipelines that wait for a person.
import { get, type Json } from "../api";
import { moment, percent, span, words } from "../format";
import { useLoad } from "../load";
import { href, place } from "../router";
import { Facts, Tree } from "../ui/facts";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Question } from "./question";

export function Workflows() {
  const [id, kind] = place.value.rest;
  if (id && kind === "flow") return <Flow key={id} id={id} />;
  if (id) return <Question key={id} id={id} />;
  return <List />;
}

function List() {
  const waiting = useLoad(() => get<{ interactions: Json[] }>("/v1/interactions/pending"));
  const flows = useLoad(() => get<{ workflows: Json[] }>("/v1/workflows"));
  return (
    <>
      <h1>Workflows</h1>
      <Shown loaded={waiting}>
        {({ interactions }) => (
          <Table
            caption="Questions that wait for you"
            empty="No step of a pipeline waits for you."
            rows={interactions}
            rowKey={(row) => row.interaction_id}
            columns={[
              { title: "step", show: (row) => <a href={href("workflows", [row.interaction_id])}>{row.step_name}</a> },
              { title: "pipeline", show: (row) => row.pipeline_name },
              { title: "pattern", show: (row) => words(row.pattern) },
              { title: "until", show: (row) => moment(row.expires_at) },
            ]}
          />
        )}
      </Shown>
      <Shown loaded={flows}>
        {({ workflows }) => (
          <Table
            caption="Workflows"
            file="workflows"
            empty="No workflow has been started."
            rows={workflows}
            rowKey={(row) => row.workflow_id}
            columns={[
              { title: "workflow", show: (row) => <a href={href("workflows", [row.workflow_id, "flow"])}>{row.name ?? row.type ?? row.workflow_id}</a>, value: (row) => row.workflow_id },
              { title: "state", show: (row) => words(row.status ?? row.state ?? row.current_state), value: (row) => row.status ?? row.state },
              { title: "progress", show: (row) => <Progress share={row.progress} />, value: (row) => row.progress },
              { title: "waits since", show: (row) => (row.updated_at ? span(Date.now() / 1000 - row.updated_at) : "–") },
              { title: "stuck", show: (row) => (row.is_stuck || row.stuck ? "▲ stuck" : "") },
            ]}
          />
        )}
      </Shown>
    </>
  );
}

function Progress({ share }: { share: number | undefined }) {
  if (share === undefined) return <>–</>;
  return (
    <>
      <progress max={1} value={share} aria-label="progress" /> {percent(share, 0)}
    </>
  );
}

function Flow({ id }: { id: string }) {
  const loaded = useLoad(() => get<Json>(`/v1/workflows/${encodeURIComponent(id)}`), [id]);
  return (
    <>
      <p class="crumbs">
        <a href={href("workflows")}>Workflows</a> / {id}
      </p>
      <Shown loaded={loaded}>
        {(found) => {
          const flow = found.workflow ?? found;
          return (
            <article>
              <h1>{flow.name ?? flow.type ?? "Workflow"}</h1>
              <Facts
                rows={[
                  ["State", words(String(flow.status ?? flow.current_state ?? ""))],
                  ["Progress", <Progress share={flow.progress} />],
                  ["Expected end", moment(flow.estimated_completion)],
                ]}
              />
              {flow.stages ? (
                <Table
                  caption="Stages"
                  rows={flow.stages as Json[]}
                  columns={[
                    { title: "stage", show: (stage) => stage.name },
                    { title: "type", show: (stage) => words(String(stage.type ?? "")) },
                    { title: "status", show: (stage) => words(String(stage.status)) },
                    { title: "approval", show: (stage) => (stage.approvalRequired || stage.approval_required ? "required" : "–") },
                    { title: "result", show: (stage) => <Tree value={stage.result ?? null} /> },
                  ]}
                />
              ) : null}
              {flow.failure || flow.analysis ? (
                <section>
                  <h2>What failed</h2>
                  <Tree value={flow.failure ?? flow.analysis} />
                </section>
              ) : null}
              <section>
                <h2>Transitions</h2>
                <Tree value={flow.transitions ?? []} />
              </section>
            </article>
          );
        }}
      </Shown>
    </>
  );
}
