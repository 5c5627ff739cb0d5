// The inbox: what waits for this person, whatever it is, the soonest first: cases to review, votes, steps of workflows, news.
import { act, read } from "../api";
import type { ApprovalView, Notice } from "../api-types";
import { moment, relative, sentence } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { may, who } from "../session";
import { Chip, toneOf } from "../ui/chip";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { kindOf } from "./approval/kind";
import { linkOf, onceEach, tellingOf, titleOfNotice, unreadOnce } from "./notice-words";
import { isMine, titleOf } from "./queue-names";

interface Asked {
  key: string;
  what: string;
  kind: string;
  count: number;
  /** When it must be done; null: no deadline of its own. */
  until: number | null;
  /** Since when it waits. */
  since: number | null;
  link: string;
}

/** Everything that waits, from each part of the service that this person may see. */
async function asked(): Promise<Asked[]> {
  const parts = await Promise.all([may("review") ? reviews() : [], may("vote") ? votes() : [], steps()]);
  return parts.flat().sort((a, b) => (a.until ?? Number.POSITIVE_INFINITY) - (b.until ?? Number.POSITIVE_INFINITY));
}

async function reviews(): Promise<Asked[]> {
  const { queues } = await read("/v1/queues");
  return Object.entries(queues)
    .filter(([name, row]) => row.waiting > 0 && isMine(name))
    .map(([name, row]) => ({ key: name, what: titleOf(name), kind: text.value.review.title, count: row.waiting, until: null, since: row.oldest_opened_at, link: href("reviews", [name]) }));
}

async function votes(): Promise<Asked[]> {
  const { approvals } = await read("/v1/approvals", {}, { status: "pending", limit: 500 });
  return approvals.filter(isForMe).map((row) => ({ key: row.approval_id, what: row.title, kind: kindOf(row), count: 1, until: row.expires_at, since: row.requested_at, link: href("approvals", [row.approval_id]) }));
}

/** Whether this person's vote is still missing and would count. */
function isForMe(row: ApprovalView): boolean {
  const me = who.value?.id ?? "";
  return row.requested_by !== me && (row.is_open || row.asked.includes(me)) && row.votes.every((vote) => vote.voter !== me);
}

async function steps(): Promise<Asked[]> {
  const { interactions } = await read("/v1/interactions/pending");
  return interactions.map((row) => ({ key: row.interaction_id, what: sentence(row.step_name || row.pattern), kind: sentence(row.pattern), count: 1, until: row.expires_at, since: row.created_at, link: href("workflows", [row.interaction_id]) }));
}

export function Inbox() {
  const said = text.value.inbox;
  const loaded = useLoad(asked, [], ["reviews", "approvals", "workflows"]);
  const first = loaded.data?.[0];
  return (
    <>
      <PageHead title={text.value.shell.pages.inbox}>
        {first ? (
          <a class="button primary" href={first.link}>
            {said.start}
          </a>
        ) : null}
      </PageHead>
      <Shown loaded={loaded}>
        {(rows) => (
          <Table
            caption={said.waiting}
            total={rows.length > 0 ? said.counted(rows.reduce((sum, row) => sum + row.count, 0)) : ""}
            empty={said.nothing}
            rows={rows}
            rowKey={(row) => row.key}
            columns={[
              { title: said.what, show: (row) => <a href={row.link}>{row.what}</a>, value: (row) => row.what },
              { title: said.kind, show: (row) => row.kind },
              { title: said.count, show: (row) => row.count, isNumber: true },
              { title: said.since, show: (row) => <span title={moment(row.since)}>{relative(row.since)}</span> },
              { title: said.until, show: (row) => (row.until === null ? "–" : <span title={moment(row.until)}>{relative(row.until)}</span>) },
            ]}
          />
        )}
      </Shown>
      <News />
    </>
  );
}

/** What was sent to this person and their roles; unread first. */
function News() {
  const said = text.value.inbox;
  const loaded = useLoad(() => read("/v1/inbox", {}, { limit: 100 }), [], ["alerts"]);
  const mark = (ids: string[]) => void act("POST /v1/inbox/read", {}, { ids }).then(loaded.reload, () => undefined);
  return (
    <Shown loaded={loaded}>
      {({ notices, unread }) => (
        <>
          <Table
            caption={said.news}
            total={unread > 0 ? said.unread(unreadOnce(unread, notices)) : ""}
            empty={said.newsNone}
            rows={onceEach(notices)}
            rowKey={(row) => row.id}
            columns={[
              { title: said.when, show: (row) => <span title={moment(row.at)}>{relative(row.at)}</span> },
              { title: said.what, show: (row) => <Told notice={row} mark={() => mark(tellingOf(row, notices))} />, value: (row) => row.title },
              { title: said.severity, show: (row) => <Chip tone={toneOf(row.severity)}>{sentence(row.severity)}</Chip> },
              { title: said.state, show: (row) => (row.is_read ? said.read : <Chip tone="info">{said.new}</Chip>) },
            ]}
          />
          {unread > 0 ? (
            <p>
              <button type="button" onClick={() => mark(notices.filter((row) => !row.is_read).map((row) => row.id))}>
                {said.readAll}
              </button>
            </p>
          ) : null}
        </>
      )}
    </Shown>
  );
}

function Told({ notice, mark }: { notice: Notice; mark: () => void }) {
  const link = linkOf(notice);
  const said = titleOfNotice(notice);
  const title = notice.is_read ? said : <strong>{said}</strong>;
  return link ? (
    <a href={link} onClick={mark}>
      {title}
    </a>
  ) : (
    <>{title}</>
  );
}
