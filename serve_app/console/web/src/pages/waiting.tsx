// What waits in one queue, most pressing first: filters and selection are in the page, the filter in the address.
import { get, type Json } from "../api";
import { percent, short } from "../format";
import { useLoad } from "../load";
import { go, href, place } from "../router";
import { Due } from "../ui/due";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";

const PAGE = 50;

export function Waiting({ queue }: { queue: string }) {
  const priority = place.value.query.get("priority") ?? "";
  const search = place.value.query.get("search") ?? "";
  const loaded = useLoad(() => get<{ reviews: Json[] }>(`/v1/queues/${encodeURIComponent(queue)}/reviews?limit=${PAGE}`), [queue]);
  const filter = (some: Record<string, string>) => go("reviews", [queue, "list"], { priority, search, ...some });
  return (
    <>
      <h1>
        Waiting in {queue} <a href={href("reviews", [queue])}>decide one at a time</a>
      </h1>
      <p class="filters">
        <label>
          Priority{" "}
          <select value={priority} onChange={(event) => filter({ priority: event.currentTarget.value })}>
            <option value="">all</option>
            {["urgent", "high", "normal", "low"].map((level) => (
              <option key={level}>{level}</option>
            ))}
          </select>
        </label>
        <label>
          Search <input type="search" value={search} onChange={(event) => filter({ search: event.currentTarget.value })} />
        </label>
      </p>
      <Shown loaded={loaded}>
        {({ reviews }) => (
          <Table
            caption={`The first ${PAGE} reviews of ${queue}`}
            file={`reviews-${queue}`}
            empty={reviews.length > 0 ? "The filters hide all of them." : "No case waits."}
            rowKey={(row) => row.review_id}
            rows={reviews.filter((row) => (!priority || row.priority === priority) && JSON.stringify(row).includes(search))}
            columns={[
              { title: "case", show: (row) => <code>{short(row.case_id)}</code>, value: (row) => row.case_id },
              { title: "priority", show: (row) => row.priority, value: (row) => row.priority },
              { title: "deadline", show: (row) => <Due openedAt={row.opened_at} dueAt={row.due_at} />, value: (row) => row.due_at },
              { title: "model says", show: (row) => (row.blind ? "hidden" : (row.prediction ?? "–")), value: (row) => row.prediction },
              { title: "confidence", show: (row) => (row.blind ? "–" : percent(row.confidence)), value: (row) => row.confidence, isNumber: true },
              { title: "why", show: (row) => row.reason, value: (row) => row.reason },
              { title: "holder", show: (row) => row.lease?.reviewer ?? "–", value: (row) => row.lease?.reviewer },
            ]}
          />
        )}
      </Shown>
    </>
  );
}
