// The active alerts, and what was sent to this person: with a link to what it is about.
import { act, read } from "../api";
import type { Notice } from "../api-types";
import { moment, relative, sentence } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { Chip, toneOf } from "../ui/chip";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { linkOf, onceEach, tellingOf, titleOfNotice, unreadOnce, valueOfAlert } from "./notice-words";

export function Alerts() {
  const loaded = useLoad(() => read("/v1/alerts"), [], ["alerts"]);
  const said = text.value.operations;
  return (
    <Shown loaded={loaded}>
      {({ alerts }) => (
        <Table
          caption={said.alerts}
          file="alerts"
          empty={said.alertsNone}
          rows={alerts}
          rowKey={(row) => `${row.rule} ${row.key}`}
          columns={[
            { title: said.alert, show: (row) => <Chip tone="bad">{sentence(row.rule)}</Chip>, value: (row) => row.rule },
            { title: said.what, show: (row) => row.key, value: (row) => row.key },
            { title: said.value, show: (row) => valueOfAlert(row), value: (row) => row.value, isNumber: true },
            { title: said.since, show: (row) => <span title={moment(row.fired_at)}>{relative(row.fired_at)}</span>, value: (row) => row.fired_at },
          ]}
        />
      )}
    </Shown>
  );
}

export function Activity() {
  const loaded = useLoad(() => read("/v1/inbox", {}, { limit: 20 }), [], ["alerts"]);
  const said = text.value.operations;
  const mark = (ids: string[]) => act("POST /v1/inbox/read", {}, { ids }).then(loaded.reload, () => undefined);
  return (
    <Shown loaded={loaded}>
      {({ notices, unread }) => (
        <>
          <Table
            caption={said.activity}
            total={unread > 0 ? said.unread(unreadOnce(unread, notices)) : ""}
            file="activity"
            empty={said.activityNone}
            rows={onceEach(notices).slice(0, 10)}
            rowKey={(row) => row.id}
            columns={[
              { title: said.when, show: (row) => <span title={moment(row.at)}>{relative(row.at)}</span>, value: (row) => row.at },
              { title: said.what, show: (row) => <About notice={row} read={() => void mark(tellingOf(row, notices))} />, value: (row) => row.title },
              { title: said.severity, show: (row) => <Chip tone={toneOf(row.severity)}>{sentence(row.severity)}</Chip>, value: (row) => row.severity },
            ]}
          />
        </>
      )}
    </Shown>
  );
}

function About({ notice, read: mark }: { notice: Notice; read: () => void }) {
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
