// What waits in one queue: sorted, filtered, a page at a time; rows are selected by keys and assigned together.
import { useState } from "preact/hooks";
import { act, read } from "../api";
import type { WaitingReview } from "../api-types";
import { percent, sentence } from "../format";
import { useKeys } from "../keys";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place, restate } from "../router";
import { may } from "../session";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { Due } from "../ui/due";
import { Id } from "../ui/id";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { isMine } from "./queue-names";
import { useSelection } from "./selection";

const PAGE = 50;
const MOST_PAGES = 10;
const LEVELS = ["urgent", "high", "normal", "low"];

type Order = (a: WaitingReview, b: WaitingReview) => number;

const ORDERS: Record<string, Order> = {
  deadline: (a, b) => a.due_at - b.due_at,
  priority: (a, b) => LEVELS.indexOf(a.priority) - LEVELS.indexOf(b.priority) || a.due_at - b.due_at,
  uncertainty: (a, b) => (a.confidence ?? 0) - (b.confidence ?? 0),
};

interface Found {
  reviews: WaitingReview[];
  hasMore: boolean;
  isByTeaching: boolean;
}

async function load(queue: string, pages: number): Promise<Found> {
  const found = await Promise.all(Array.from({ length: pages }, (_, page) => read("/v1/queues/{queue}/reviews", { queue }, { limit: PAGE, offset: page * PAGE })));
  const byId = new Map(found.flatMap((page) => page.reviews).map((row) => [row.review_id, row]));
  return { reviews: [...byId.values()], hasMore: Boolean(found[found.length - 1]?.has_more) && pages < MOST_PAGES, isByTeaching: found[0]?.order === "hybrid" };
}

/** What a person sees of the row, in any case of letters. */
function isFound(row: WaitingReview, search: string): boolean {
  const shown = [row.case_id, row.review_id, row.priority, row.blind ? "" : (row.prediction ?? ""), row.reason, row.assigned ?? "", row.segment ?? ""];
  return shown.some((said) => said.toLowerCase().includes(search.trim().toLowerCase()));
}

export function Waiting({ queue }: { queue: string }) {
  const [pages, setPages] = useState(1);
  const loaded = useLoad(() => load(queue, pages), [queue, pages], ["reviews"]);
  const said = text.value.admin.list;
  return (
    <>
      <PageHead title={said.title(queue)} crumbs={[[text.value.review.title, href("reviews")]]}>
        {isMine(queue) ? (
          <a class="button" href={href("reviews", [queue])}>
            {said.one}
          </a>
        ) : null}
      </PageHead>
      <Shown loaded={loaded}>{(found) => <List queue={queue} found={found} more={() => setPages(pages + 1)} reload={loaded.reload} />}</Shown>
    </>
  );
}

function List({ queue, found, more, reload }: { queue: string; found: Found; more: () => void; reload: () => void }) {
  const { query } = place.value;
  const said = text.value.admin.list;
  const [priority, search, order] = [query.get("priority") ?? "", query.get("search") ?? "", query.get("sort") ?? "deadline"];
  const filter = (some: Record<string, string>) => restate("reviews", [queue, "list"], { priority, search, sort: order, ...some });
  const rows = found.reviews.filter((row) => (!priority || row.priority === priority) && isFound(row, search)).sort(ORDERS[order] ?? ORDERS.deadline);
  const selection = useSelection(rows.map((row) => row.review_id));
  useKeys({ search: () => document.getElementById("search")?.focus(), next: () => selection.move(1), previous: () => selection.move(-1), select: selection.toggleCurrent, selectRange: selection.selectRange });
  return (
    <>
      {found.isByTeaching ? <p>{said.byTeaching}</p> : null}
      <p class="filters">
        <Choice name={said.priority} value={priority} options={["", ...LEVELS]} choose={(value) => filter({ priority: value })} />
        <Choice name={said.sort} value={order} options={Object.keys(ORDERS)} choose={(value) => filter({ sort: value })} />
        <label>
          {said.search} <kbd>/</kbd> <input id="search" type="search" value={search} onInput={(event) => filter({ search: event.currentTarget.value })} />
        </label>
      </p>
      <Assign chosen={selection.chosen} done={() => (selection.clear(), reload())} />
      <Table
        caption={said.shown(rows.length, found.reviews.length, queue)}
        file={`reviews-${queue}`}
        empty={found.reviews.length > 0 ? said.hidden : said.none}
        rowKey={(row) => row.review_id}
        rows={rows}
        current={selection.current}
        isSelected={(row) => selection.has(row.review_id)}
        columns={[
          { title: said.select, show: (row) => <input type="checkbox" aria-label={said.selectCase(row.case_id)} checked={selection.has(row.review_id)} onChange={() => selection.toggle(row.review_id)} /> },
          { title: said.case, show: (row) => <Id id={row.case_id} link={href("cases", [row.case_id])} />, value: (row) => row.case_id },
          { title: said.priority, show: (row) => text.value.review.priorities[row.priority] ?? row.priority, value: (row) => row.priority },
          { title: said.deadline, show: (row) => <Due openedAt={row.opened_at} dueAt={row.due_at} />, value: (row) => row.due_at },
          { title: said.model, show: (row) => (row.blind ? said.blind : (row.prediction ?? "–")), value: (row) => row.prediction },
          { title: said.confidence, show: (row) => (row.blind ? "–" : percent(row.confidence)), value: (row) => row.confidence, isNumber: true },
          { title: said.reason, show: (row) => sentence(row.reason), value: (row) => row.reason },
          { title: said.assigned, show: (row) => row.assigned ?? "–", value: (row) => row.assigned },
        ]}
      />
      {found.hasMore ? (
        <button type="button" onClick={more}>
          {said.more(PAGE)}
        </button>
      ) : null}
    </>
  );
}

function Choice({ name, value, options, choose }: { name: string; value: string; options: string[]; choose: (value: string) => void }) {
  return (
    <label>
      {name}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option ? sentence(option) : text.value.admin.list.all}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The selected reviews for one person, role or skill. Deciding several at once is not offered: no policy allows it. */
function Assign({ chosen, done }: { chosen: string[]; done: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const said = text.value.admin.list;
  if (chosen.length === 0 || !may("assign_reviews")) return null;
  const run = async (to: string) => {
    setAsking(false);
    const answers = await Promise.allSettled(chosen.map((id) => act("POST /v1/reviews/{review_id}/assign", { review_id: id }, { to, reason: "assigned from the list" })));
    const refused = answers.filter((answer) => answer.status === "rejected").map((answer) => (answer as PromiseRejectedResult).reason as Error);
    if (refused[0]) tell(said.refused(refused.length, chosen.length, refused[0].message), "error");
    else tell(said.done(chosen.length, to));
    done();
  };
  return (
    <p class="buttons" role="status">
      {said.selected(chosen.length)}
      <button type="button" onClick={() => setAsking(true)}>
        {said.assign}
      </button>
      {isAsking ? <Ask title={said.assignTitle(chosen.length)} label={said.assignTo} button={said.assign} run={(to) => void run(to)} close={() => setAsking(false)} /> : null}
    </p>
  );
}
