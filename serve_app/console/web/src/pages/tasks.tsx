// A task as it is defined: what is in force and since when, what waits for votes, and the guidelines, which operators edit.
import { read } from "../api";
import type { DefinitionInForce } from "../api-types";
import { moment, relative } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { may } from "../session";
import { Facts, Raw } from "../ui/facts";
import { Id } from "../ui/id";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TaskPicker } from "../ui/task-picker";
import { Verbatim } from "../ui/verbatim";
import { textAt } from "./approval/evidence";
import { guidelinesOf } from "./guideline-draft";
import { GuidelineEditor } from "./guideline-editor";
import { GuidelineList } from "./guideline-list";

export function Tasks() {
  const said = text.value.tasks;
  return (
    <>
      <PageHead title={said.title}>
        {may("propose_definitions") ? (
          <a class="button" href={href("new-task")}>
            {text.value.shell.pages["new-task"]}
          </a>
        ) : null}
      </PageHead>
      <p class="hint">{said.hint}</p>
      <TaskPicker page="tasks">{(task) => <OfTask key={task} task={task} />}</TaskPicker>
    </>
  );
}

function OfTask({ task }: { task: string }) {
  const loaded = useLoad(() => read("/v1/tasks/{task}/definition", { task }), [task], ["approvals"]);
  return (
    <Shown loaded={loaded}>
      {(found) => (
        <>
          <InForce found={found} />
          <Waiting found={found} />
          {may("propose_definitions") ? <GuidelineEditor task={task} found={found} reload={loaded.reload} /> : <GuidelineList names={found.guided} guidelines={guidelinesOf(found.definition)} />}
          <Raw title={text.value.tasks.whole} value={found.definition} />
        </>
      )}
    </Shown>
  );
}

function InForce({ found }: { found: DefinitionInForce }) {
  const said = text.value.tasks;
  return (
    <section class="panel">
      <h2>{said.inForce}</h2>
      <Facts
        rows={[
          [said.name, <Verbatim>{textAt(found.definition, "title") ?? found.task}</Verbatim>],
          [said.question, <Verbatim>{textAt(found.definition, "description") ?? "–"}</Verbatim>],
          [said.since, <span title={moment(found.since)}>{relative(found.since)}</span>],
          [said.by, found.approval_id ? <a href={href("approvals", [found.approval_id])}>{found.approval_id}</a> : said.byFile],
          [said.version, <Id id={found.digest} />],
        ]}
      />
    </section>
  );
}

function Waiting({ found }: { found: DefinitionInForce }) {
  const said = text.value.tasks;
  if (found.waits.length === 0) return null;
  return (
    <>
      <Table
        caption={said.waiting}
        rows={found.waits}
        rowKey={(row) => row.approval_id}
        columns={[
          { title: said.by, show: (row) => <a href={href("approvals", [row.approval_id])}>{row.approval_id}</a> },
          { title: said.change, show: (row) => <Verbatim>{row.changes.join(" ")}</Verbatim>, isLong: true },
          { title: said.askedBy, show: (row) => row.requested_by },
          { title: said.expires, show: (row) => <span title={moment(row.expires_at)}>{relative(row.expires_at)}</span> },
        ]}
      />
      <p class="hint">{said.oneOnly}</p>
    </>
  );
}
