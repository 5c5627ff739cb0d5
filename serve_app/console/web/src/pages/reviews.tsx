// Reviews: the queues and what waits in them, or one case at a time.
import { get, type Json } from "../api";
import { span } from "../format";
import { useLoad } from "../load";
import { href, place } from "../router";
import { Empty, Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Focus } from "./focus";
import { Waiting } from "./waiting";

export function Reviews() {
  const [queue, view] = place.value.rest;
  if (queue && view === "list") return <Waiting queue={queue} />;
  if (queue) return <Focus key={queue} queue={queue} />;
  return <Queues />;
}

const PRIORITIES = ["urgent", "high", "normal", "low"];

function Queues() {
  const loaded = useLoad(() => get<{ queues: Record<string, Json> }>("/v1/queues"));
  return (
    <>
      <h1>Reviews</h1>
      <Shown loaded={loaded}>
        {({ queues }) =>
          Object.keys(queues).length === 0 ? (
            <Empty>
              <p>None of your roles reviews a queue.</p>
            </Empty>
          ) : (
            <Table
              caption="Queues"
              file="queues"
              rows={Object.entries(queues)}
              rowKey={([name]) => name}
              columns={[
                { title: "queue", show: ([name]) => <a href={href("reviews", [name])}>{name}</a>, value: ([name]) => name },
                { title: "waiting", show: ([, row]) => row.waiting, value: ([, row]) => row.waiting, isNumber: true },
                ...PRIORITIES.map((level) => ({ title: level, show: ([, row]: [string, Json]) => row.by_priority[level] ?? 0, value: ([, row]: [string, Json]) => row.by_priority[level] ?? 0, isNumber: true })),
                { title: "leased", show: ([, row]) => row.leased, value: ([, row]) => row.leased, isNumber: true },
                { title: "oldest", show: ([, row]) => span(row.oldest_age_s), value: ([, row]) => row.oldest_age_s },
                { title: "list", show: ([name]) => <a href={href("reviews", [name, "list"])}>list of {name}</a> },
              ]}
            />
          )
        }
      </Shown>
    </>
  );
}
