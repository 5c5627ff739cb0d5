// Reviews: the queues and what waits in them, or one case at a time.
import { read } from "../api";
import type { Priority, QueueDepth } from "../api-types";
import { span } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place } from "../router";
import { may, who } from "../session";
import { PageHead } from "../ui/page-head";
import { Empty, Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Focus } from "./focus";
import { isMine, titleOf } from "./queue-names";
import { Waiting } from "./waiting";

export function Reviews() {
  const [queue, view] = place.value.rest;
  if (queue && view === "list") return <Waiting queue={queue} />;
  if (queue) return <Focus key={queue} queue={queue} />;
  return <Queues />;
}

const PRIORITIES: Priority[] = ["urgent", "high", "normal", "low"];
function Queues() {
  const loaded = useLoad(() => read("/v1/queues"), [], ["reviews"]);
  const said = text.value.review;
  type Row = [string, QueueDepth];
  return (
    <>
      <PageHead title={said.title}>
        {may("see_cases") ? (
          <a class="button" href={href("cases", [], { reviewer: who.value?.id ?? "" })}>
            {said.mine}
          </a>
        ) : null}
      </PageHead>
      <Shown loaded={loaded}>
        {({ queues }) => {
          const rows = Object.entries(queues).sort((a, b) => b[1].waiting - a[1].waiting);
          const first = rows.find(([name, row]) => row.waiting > 0 && isMine(name));
          if (rows.length === 0) return <Empty>{said.noQueues}</Empty>;
          return (
            <>
              {first ? (
                <p>
                  <a class="button primary" href={href("reviews", [first[0]])}>
                    {said.startIn(titleOf(first[0]))}
                  </a>
                </p>
              ) : null}
              <Table
                caption={said.queues}
                file="queues"
                rows={rows}
                rowKey={([name]) => name}
                columns={[
                  { title: said.queue, show: ([name]) => (isMine(name) ? <a href={href("reviews", [name])}>{titleOf(name)}</a> : titleOf(name)), value: ([name]) => name },
                  { title: said.waiting, show: ([, row]) => row.waiting, value: ([, row]) => row.waiting, isNumber: true },
                  ...PRIORITIES.map((level) => ({ title: said.priorities[level] ?? level, show: ([, row]: Row) => row.by_priority[level] ?? 0, value: ([, row]: Row) => row.by_priority[level] ?? 0, isNumber: true })),
                  { title: said.inProgress, show: ([, row]) => row.leased, value: ([, row]) => row.leased, isNumber: true },
                  { title: said.oldest, show: ([, row]) => span(row.oldest_age_s), value: ([, row]) => row.oldest_age_s, isNumber: true },
                  { title: said.list, show: ([name]) => (isMine(name) || may("assign_reviews") ? <a href={href("reviews", [name, "list"])}>{said.listOf(titleOf(name))}</a> : null) },
                ]}
              />
            </>
          );
        }}
      </Shown>
    </>
  );
}
