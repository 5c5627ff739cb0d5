// The alerts that stand, and what was sent to this person: what happened that concerns them.
import type { Json } from "../api";
import { figure, moment, span, words } from "../format";
import { Table } from "../ui/table";

export function News({ alerts, notices }: { alerts: Json[]; notices: Json[] }) {
  return (
    <>
      {alerts.length > 0 ? (
        <Table
          caption="Alerts that stand"
          file="alerts"
          rows={alerts}
          columns={[
            { title: "alert", show: (row) => `▲ ${words(String(row.rule))}`, value: (row) => row.rule },
            { title: "value", show: (row) => `${figure(row.value, 1)} (${row.key})`, value: (row) => row.value },
            { title: "for", show: (row) => (span(Date.now() / 1000 - row.fired_at)), value: (row) => row.fired_at },
          ]}
        />
      ) : null}
      <Table
        caption="What happened, newest first"
        file="activity"
        empty="Nothing was sent to you yet."
        rows={notices}
        rowKey={(row) => row.id}
        columns={[
          { title: "when", show: (row) => moment(row.at), value: (row) => row.at },
          { title: "what", show: (row) => row.title, value: (row) => row.title },
          { title: "weight", show: (row) => row.severity, value: (row) => row.severity },
        ]}
      />
    </>
  );
}
