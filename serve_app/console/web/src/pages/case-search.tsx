// The waiting cases of every queue that this person reviews, to start from where no id is at hand.
import { read } from "../api";
import { percent } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { may } from "../session";
import { Due } from "../ui/due";
import { Id } from "../ui/id";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";

async function pressing() {
  const { queues } = await read("/v1/queues");
  const mine = Object.keys(queues).filter((queue) => (queue.endsWith(".expert") ? may("review_as_expert") : may("review")));
  const pages = await Promise.all(mine.map((queue) => read("/v1/queues/{queue}/reviews", { queue }, { limit: 20 })));
  return pages.flatMap((page) => page.reviews).sort((a, b) => a.due_at - b.due_at);
}

export function Search() {
  return may("review") ? <Pressing /> : null;
}

function Pressing() {
  const loaded = useLoad(pressing, [], ["reviews"]);
  const said = text.value.cases;
  return (
    <Shown loaded={loaded}>
      {(rows) => (
        <Table
          caption={text.value.review.waiting}
          empty={said.none}
          file="cases"
          rows={rows}
          rowKey={(row) => row.review_id}
          columns={[
            { title: said.columns.case, show: (row) => <Id id={row.case_id} link={href("cases", [row.case_id])} />, value: (row) => row.case_id },
            { title: said.columns.task, show: (row) => row.task, value: (row) => row.task },
            { title: said.status, show: (row) => said.statuses[row.status] ?? row.status, value: (row) => row.status },
            { title: said.columns.model, show: (row) => (row.blind ? "–" : (row.prediction ?? "–")), value: (row) => row.prediction },
            { title: said.columns.confidence, show: (row) => (row.blind ? "–" : percent(row.confidence)), value: (row) => row.confidence, isNumber: true },
            { title: text.value.admin.list.deadline, show: (row) => <Due openedAt={row.opened_at} dueAt={row.due_at} />, value: (row) => row.due_at },
          ]}
        />
      )}
    </Shown>
  );
}
