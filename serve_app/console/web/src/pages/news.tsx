// The active alerts, and what was sent to this person: with a link to what it is about.
import { act, read } from "../api";
import type { Notice } from "../api-types";
import { amount, moment, relative, sentence } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { Chip, toneOf } from "../ui/chip";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";

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
            { title: said.value, show: (row) => amount(row.value, ""), value: (row) => row.value, isNumber: true },
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
            total={unread > 0 ? said.unread(unread) : ""}
            file="activity"
            empty={said.activityNone}
            rows={onceEach(notices).slice(0, 10)}
            rowKey={(row) => row.id}
            columns={[
              { title: said.when, show: (row) => <span title={moment(row.at)}>{relative(row.at)}</span>, value: (row) => row.at },
              { title: said.what, show: (row) => <About notice={row} read={() => void mark([row.id])} />, value: (row) => row.title },
              { title: said.severity, show: (row) => <Chip tone={toneOf(row.severity)}>{sentence(row.severity)}</Chip>, value: (row) => row.severity },
            ]}
          />
        </>
      )}
    </Shown>
  );
}

/** One thing that was told to a person and to their role stands once. */
export function onceEach(notices: Notice[]): Notice[] {
  const seen = new Set<string>();
  return notices.filter((notice) => {
    const what = `${notice.kind} ${notice.title} ${Math.round(notice.at)}`;
    return seen.has(what) ? false : seen.add(what) !== undefined;
  });
}

function About({ notice, read: mark }: { notice: Notice; read: () => void }) {
  const link = linkOf(notice);
  const title = notice.is_read ? notice.title : <strong>{notice.title}</strong>;
  return link ? (
    <a href={link} onClick={mark}>
      {title}
    </a>
  ) : (
    <>{title}</>
  );
}

/** The page about what the notice tells of. */
export function linkOf({ data }: Notice): string | null {
  const { approval_id, interaction_id, workflow_id, case_id, task } = data as Record<string, unknown>;
  if (typeof approval_id === "string") return href("approvals", [approval_id]);
  if (typeof interaction_id === "string") return href("workflows", [interaction_id]);
  if (typeof workflow_id === "string") return href("workflows", [workflow_id, "flow"]);
  if (typeof case_id === "string") return href("cases", [case_id]);
  return typeof task === "string" ? href("models", [task]) : null;
}
