// Open sessions: one's own, and for an admin everybody's; each can be ended.
import { act, read } from "../api";
import { moment, relative } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { may } from "../session";
import { Chip } from "../ui/chip";
import { Id } from "../ui/id";
import { perform } from "../ui/perform";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";

export function SessionList() {
  const loaded = useLoad(() => read("/v1/sessions"), [], ["people"]);
  const said = text.value.care.sessions;
  const end = (name: string) => perform(act("DELETE /v1/sessions/{name}", { name }), said.ended, loaded.reload);
  return (
    <>
      <Shown loaded={loaded}>
        {({ sessions }) => (
          <Table
            caption={said.title}
            empty={said.none}
            rows={sessions}
            rowKey={(row) => row.session}
            columns={[
              { title: said.account, show: (row) => row.account, value: (row) => row.account },
              { title: said.session, show: (row) => <>
                <Id id={row.session} /> {row.is_current ? <Chip tone="info">{said.current}</Chip> : null}
              </> },
              { title: said.since, show: (row) => <span title={moment(row.created_at)}>{relative(row.created_at)}</span> },
              { title: said.seen, show: (row) => <span title={moment(row.seen_at)}>{relative(row.seen_at)}</span> },
              { title: said.ends, show: (row) => moment(row.ends_at) },
              {
                title: said.end,
                show: (row) => (
                  <button type="button" class="quiet" aria-label={said.endOf(row.session.slice(0, 8))} onClick={() => end(row.session)}>
                    {said.end}
                  </button>
                ),
              },
            ]}
          />
        )}
      </Shown>
      <p class="hint">{may("manage_people") ? said.hintAll : said.hint}</p>
    </>
  );
}
