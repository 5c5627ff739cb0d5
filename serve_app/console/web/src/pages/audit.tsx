// The history that can be proved: entries with who did what and what they saw, the chains verified, the export.
import { useState } from "preact/hooks";
import { get, type Json } from "../api";
import { moment, short, words } from "../format";
import { useLoad } from "../load";
import { go, place } from "../router";
import { Tree } from "../ui/facts";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";

export function Audit() {
  const journals = useLoad(() => get<{ shards: Json[] }>("/v1/journal"));
  return (
    <>
      <h1>Audit</h1>
      <Shown loaded={journals}>
        {({ shards }) => (
          <Table
            caption="Journals"
            rows={shards}
            columns={[
              { title: "shard", show: (row) => row.shard },
              { title: "entries", show: (row) => row.seq, isNumber: true },
              { title: "head", show: (row) => <code>{short(row.hash)}</code> },
              { title: "state", show: (row) => row.phase },
            ]}
          />
        )}
      </Shown>
      <Verify />
      <Entries />
    </>
  );
}

function Verify() {
  const [found, setFound] = useState<Json | null>(null);
  const [problem, setProblem] = useState("");
  const run = () => {
    setProblem("");
    get("/v1/audit/verify").then(setFound, (error: Error) => setProblem(error.message));
  };
  return (
    <section>
      <h2>Verify</h2>
      <p>Walks every chain from its beginning. One changed, dropped or swapped entry is found.</p>
      <button type="button" class="primary" onClick={run}>
        Verify now
      </button>
      {problem ? <p role="alert">{problem}</p> : null}
      {found ? (
        <div role="status">
          <Tree value={found} />
        </div>
      ) : null}
    </section>
  );
}

function Entries() {
  const item = place.value.query.get("item") ?? "";
  const actor = place.value.query.get("actor") ?? "";
  const query = new URLSearchParams(Object.entries({ item, actor, limit: "200" }).filter(([, value]) => value)).toString();
  const loaded = useLoad(() => get<{ entries: Json[] }>(`/v1/audit?${query}`), [query]);
  const filter = (some: Record<string, string>) => go("audit", [], { item, actor, ...some });
  return (
    <section>
      <h2>Entries</h2>
      <p class="filters">
        <label>
          Item <input type="search" value={item} onChange={(event) => filter({ item: event.currentTarget.value })} />
        </label>
        <label>
          Who <input type="search" value={actor} onChange={(event) => filter({ actor: event.currentTarget.value })} />
        </label>
        <a class="button" href="/v1/audit/export" download="audit.jsonl">
          Export (JSON Lines)
        </a>
      </p>
      <Shown loaded={loaded}>
        {({ entries }) => (
          <Table
            caption="What happened"
            file="audit"
            empty="No entry fits the filters."
            rows={entries}
            columns={[
              { title: "when", show: (row) => moment(row.at), value: (row) => row.at },
              { title: "who", show: (row) => row.by ?? row.actor, value: (row) => row.by ?? row.actor },
              { title: "what", show: (row) => words(String(row.type ?? row.action ?? "")), value: (row) => row.type ?? row.action },
              { title: "item", show: (row) => <code>{short(String(row.item ?? row.case_id ?? row.approval_id ?? ""))}</code>, value: (row) => row.item ?? row.case_id },
              { title: "entry", show: (row) => `${row.shard} ${row.seq}`, value: (row) => `${row.shard} ${row.seq}` },
            ]}
          />
        )}
      </Shown>
    </section>
  );
}
