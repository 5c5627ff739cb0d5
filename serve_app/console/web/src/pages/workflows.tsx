// Workflows with their stages, and the steps of pipelines that wait for a person.
import { useState } from "preact/hooks";
import { act, read } from "../api";
import type { CaseView, StagedWorkflow } from "../api-types";
import { moment, percent, relative, sentence } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place } from "../router";
import { may } from "../session";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { Chip, toneOf } from "../ui/chip";
import { Facts, Tree } from "../ui/facts";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { DecideFlow, FlowFigures } from "./flow-care";
import { Question } from "./question";

type Flow = CaseView | StagedWorkflow;

export function Workflows() {
  const [id, kind] = place.value.rest;
  if (id && kind === "flow") return <One key={id} id={id} />;
  if (id) return <Question key={id} id={id} />;
  return <List />;
}

const nameOf = (flow: Flow): string => ("name" in flow ? flow.name : sentence(flow.type));

function List() {
  const waiting = useLoad(() => read("/v1/interactions/pending"), [], ["workflows"]);
  const flows = useLoad(() => read("/v1/workflows"), [], ["workflows"]);
  const said = text.value.flows;
  return (
    <>
      <PageHead title={said.workflows} />
      <Shown loaded={waiting}>
        {({ interactions }) => (
          <Table
            caption={said.waiting}
            empty={said.waitingNone}
            rows={interactions}
            rowKey={(row) => row.interaction_id}
            columns={[
              { title: said.step, show: (row) => <a href={href("workflows", [row.interaction_id])}>{row.step_name}</a> },
              { title: said.pipeline, show: (row) => row.pipeline_name },
              { title: said.pattern, show: (row) => sentence(row.pattern) },
              { title: said.expires, show: (row) => <span title={moment(row.expires_at)}>{relative(row.expires_at)}</span> },
            ]}
          />
        )}
      </Shown>
      <Shown loaded={flows}>
        {({ workflows }) => (
          <Table
            caption={said.workflows}
            file="workflows"
            empty={said.none}
            rows={workflows}
            rowKey={(row) => row.workflow_id}
            columns={[
              { title: said.workflow, show: (row) => <a href={href("workflows", [row.workflow_id, "flow"])}>{nameOf(row)}</a>, value: (row) => row.workflow_id },
              { title: said.state, show: (row) => <Chip tone={toneOf(row.status)}>{sentence(row.status)}</Chip>, value: (row) => row.status },
              { title: said.progress, show: (row) => <Progress share={row.progress} />, value: (row) => row.progress },
              { title: said.updated, show: (row) => <span title={moment(row.updated_at)}>{relative(row.updated_at)}</span> },
              { title: said.stuck, show: (row) => ("is_stuck" in row && row.is_stuck ? <Chip tone="warn">{said.stuck}</Chip> : null) },
            ]}
          />
        )}
      </Shown>
      <FlowFigures />
    </>
  );
}

function Progress({ share }: { share: number }) {
  return (
    <>
      <progress max={1} value={share} aria-label={text.value.flows.progress} /> {percent(share, 0)}
    </>
  );
}

function One({ id }: { id: string }) {
  const loaded = useLoad(() => read("/v1/workflows/{workflow_id}", { workflow_id: id }), [id], ["workflows"]);
  const said = text.value.flows;
  return (
    <Shown loaded={loaded}>
      {(flow) => (
        <article>
          <PageHead title={nameOf(flow)} crumbs={[[said.workflows, href("workflows")]]}>
            <Actions flow={flow} reload={loaded.reload} />
            <Chip tone={toneOf(flow.status)}>{sentence(flow.status)}</Chip>
          </PageHead>
          <section class="panel">
            <Facts
              rows={[
                [said.progress, <Progress share={flow.progress} />],
                [said.updated, `${moment(flow.updated_at)} (${relative(flow.updated_at)})`],
                [said.expectedEnd, moment(flow.estimated_completion)],
                ...(flow.error ? ([[said.failed, flow.error]] as [string, string][]) : []),
                ...(flow.interaction_id ? ([[said.waiting, <a href={href("workflows", [flow.interaction_id])}>{flow.interaction_id}</a>]] as [string, preact.JSX.Element][]) : []),
              ]}
            />
          </section>
          {"stages" in flow ? null : <DecideFlow id={flow.workflow_id} state={flow.current_state} reload={loaded.reload} />}
          {"stages" in flow ? (
            <Table
              caption={said.stages}
              rows={flow.stages}
              columns={[
                { title: said.stage, show: (stage) => stage.name },
                { title: said.type, show: (stage) => sentence(stage.type) },
                { title: said.status, show: (stage) => <Chip tone={toneOf(stage.status)}>{sentence(stage.status)}</Chip> },
                { title: said.approval, show: (stage) => (stage.approvalRequired ? said.required : "–") },
                { title: said.result, show: (stage) => <Tree value={stage.result ?? stage.error} />, isLong: true },
              ]}
            />
          ) : (
            <Table
              caption={said.transitions}
              rows={flow.transitions}
              columns={[
                { title: said.when, show: (row) => moment(row.timestamp) },
                { title: said.from, show: (row) => sentence(row.from_state) },
                { title: said.to, show: (row) => sentence(row.to_state) },
                { title: said.trigger, show: (row) => sentence(row.trigger) },
              ]}
            />
          )}
          {"analysis" in flow && flow.analysis ? (
            <section class="panel">
              <h2>{said.failed}</h2>
              <Tree value={flow.analysis} />
            </section>
          ) : null}
        </article>
      )}
    </Shown>
  );
}

const OVER = ["completed", "failed", "cancelled"];

function Actions({ flow, reload }: { flow: Flow; reload: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const said = text.value.flows;
  if (!("stages" in flow) || !may("retrain") || OVER.includes(flow.status)) return null;
  const then = (run: Promise<unknown>) => run.then(reload, (error: Error) => tell(error.message, "error"));
  const id = { workflow_id: flow.workflow_id };
  return (
    <>
      {flow.status === "created" ? (
        <button type="button" class="primary" onClick={() => void then(act("POST /v1/workflows/{workflow_id}/execute", id))}>
          {said.start}
        </button>
      ) : null}
      <button type="button" class="danger" onClick={() => setAsking(true)}>
        {said.cancel}
      </button>
      {isAsking ? <Ask title={said.cancel} label={said.why} button={said.cancel} run={(reason) => (setAsking(false), void then(act("POST /v1/workflows/{workflow_id}/cancel", id, { reason })))} close={() => setAsking(false)} /> : null}
    </>
  );
}
