// What waits in one queue: sorted, filtered, a page at a time; rows are selected by keys and assigned together.
import { useState } from "preact/hooks";
import { get, post, type Json } from "../api";
import { percent, short } from "../format";
import { useKeys } from "../keys";
import { useLoad } from "../load";
import { go, href, place } from "../router";
import { hasRole } from "../session";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { Due } from "../ui/due";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { useSelection } from "./selection";

const PAGE = 50;
const MOST_PAGES = 10;
const LEVELS = ["urgent", "high", "normal", "low"];

const ORDERS: Record<string, (a: Json, b: Json) => number> = {
  deadline: (a, b) => a.due_at - b.due_at,
  priority: (a, b) => LEVELS.indexOf(a.priority) - LEVELS.indexOf(b.priority) || a.due_at - b.due_at,
  uncertainty: (a, b) => (a.confidence ?? 0) - (b.confidence ?? 0),
};

interface Found {
  reviews: Json[];
  hasMore: boolean;
}

async function load(queue: string, pages: number): Promise<Found> {
  const path = (page: number) => `/v1/queues/${encodeURIComponent(queue)}/reviews?limit=${PAGE}&offset=${page * PAGE}`;
  const found = await Promise.all(Array.from({ length: pages }, (_, page) => get(path(page))));
  const byId = new Map(found.flatMap((page) => page.reviews as Json[]).map((row) => [row.review_id, row]));
  return { reviews: [...byId.values()], hasMore: Boolean(found[found.length - 1]?.has_more) && pages < MOST_PAGES };
}

export function Waiting({ queue }: { queue: string }) {
  const [pages, setPages] = useState(1);
  const loaded = useLoad(() => load(queue, pages), [queue, pages]);
  return (
    <>
      <h1>
        Waiting in {queue} <a href={href("reviews", [queue])}>decide one at a time</a>
      </h1>
      <Shown loaded={loaded}>{(found) => <List queue={queue} found={found} more={() => setPages(pages + 1)} reload={loaded.reload} />}</Shown>
    </>
  );
}

function List({ queue, found, more, reload }: { queue: string; found: Found; more: () => void; reload: () => void }) {
  const { query } = place.value;
  const [priority, search, order] = [query.get("priority") ?? "", query.get("search") ?? "", query.get("sort") ?? "deadline"];
  const filter = (some: Record<string, string>) => go("reviews", [queue, "list"], { priority, search, sort: order, ...some });
  const rows = found.reviews.filter((row) => (!priority || row.priority === priority) && JSON.stringify(row).includes(search)).sort(ORDERS[order] ?? ORDERS.deadline);
  const selection = useSelection(rows.map((row) => String(row.review_id)));
  useKeys({ search: () => document.getElementById("search")?.focus(), next: () => selection.move(1), previous: () => selection.move(-1), select: selection.toggleCurrent, selectRange: selection.selectRange });
  return (
    <>
      <p class="filters">
        <Choice name="Priority" value={priority} options={["", ...LEVELS]} choose={(value) => filter({ priority: value })} />
        <Choice name="Sort by" value={order} options={Object.keys(ORDERS)} choose={(value) => filter({ sort: value })} />
        <label>
          Search <kbd>/</kbd> <input id="search" type="search" value={search} onInput={(event) => filter({ search: event.currentTarget.value })} />
        </label>
      </p>
      <Assign chosen={selection.chosen} done={() => (selection.clear(), reload())} />
      <Table
        caption={`${rows.length} of the ${found.reviews.length} most pressing reviews of ${queue}`}
        file={`reviews-${queue}`}
        empty={found.reviews.length > 0 ? "The filters hide all of them." : "No case waits."}
        rowKey={(row) => row.review_id}
        rows={rows}
        current={selection.current}
        isSelected={(row) => selection.has(row.review_id)}
        columns={[
          { title: "select", show: (row) => <input type="checkbox" aria-label={`Select case ${short(row.case_id)}`} checked={selection.has(row.review_id)} onChange={() => selection.toggle(row.review_id)} /> },
          { title: "case", show: (row) => <code>{short(row.case_id)}</code>, value: (row) => row.case_id },
          { title: "priority", show: (row) => row.priority, value: (row) => row.priority },
          { title: "deadline", show: (row) => <Due openedAt={row.opened_at} dueAt={row.due_at} />, value: (row) => row.due_at },
          { title: "model says", show: (row) => (row.blind ? "hidden" : (row.prediction ?? "–")), value: (row) => row.prediction },
          { title: "confidence", show: (row) => (row.blind ? "–" : percent(row.confidence)), value: (row) => row.confidence, isNumber: true },
          { title: "why", show: (row) => row.reason, value: (row) => row.reason },
          { title: "assigned", show: (row) => row.assigned ?? "–", value: (row) => row.assigned },
        ]}
      />
      {found.hasMore ? (
        <button type="button" onClick={more}>
          Show {PAGE} more
        </button>
      ) : null}
    </>
  );
}

function Choice({ name, value, options, choose }: { name: string; value: string; options: string[]; choose: (value: string) => void }) {
  return (
    <label>
      {name}{" "}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option || "all"}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The selected reviews for one person, role or skill. Deciding several at once is not offered: no policy allows it. */
function Assign({ chosen, done }: { chosen: string[]; done: () => void }) {
  const [isAsking, setAsking] = useState(false);
  if (chosen.length === 0 || !hasRole("expert", "operator")) return null;
  const run = async (to: string) => {
    setAsking(false);
    const answers = await Promise.allSettled(chosen.map((id) => post(`/v1/reviews/${id}/assign`, { to, reason: "assigned from the list" })));
    const refused = answers.filter((answer) => answer.status === "rejected").map((answer) => (answer as PromiseRejectedResult).reason as Error);
    if (refused[0]) tell(`${refused.length} of ${chosen.length} were refused: ${refused[0].message}`, "error");
    else tell(`${chosen.length} reviews are for ${to}`);
    done();
  };
  return (
    <p class="buttons" role="status">
      {chosen.length} selected
      <button type="button" onClick={() => setAsking(true)}>
        Assign them
      </button>
      {isAsking ? <Ask title={`Assign ${chosen.length} reviews`} label="To whom, e.g. person:ada, role:expert or skill:ecg" button="Assign" run={(to) => void run(to)} close={() => setAsking(false)} /> : null}
    </p>
  );
}
