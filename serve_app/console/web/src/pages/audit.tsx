// The history that can be proved: entries with who did what and what they saw, the chains verified, the export.
import { useState } from "preact/hooks";
import { lines, read, type Json } from "../api";
import { figure, moment, short, words } from "../format";
import { useLoad } from "../load";
import { go, place } from "../router";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";

export function Audit() {
  const journals = useLoad(() => read("/v1/journal"));
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
              { title: "entries", show: (row) => ("seq" in row ? row.seq : "–"), isNumber: true },
              { title: "head", show: (row) => <code>{short("hash" in row ? row.hash : null)}</code> },
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
    read("/v1/audit/verify").then(setFound, (error: Error) => setProblem(error.message));
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
          <Table
            caption={found.shards.every((row: Json) => row.holds) ? "Every chain holds" : "A chain is broken"}
            rows={found.shards as Json[]}
            columns={[
              { title: "shard", show: (row) => row.shard },
              { title: "entries that hold", show: (row) => figure(row.entries), isNumber: true },
              { title: "head", show: (row) => <code>{short(row.head ?? "–")}</code> },
              { title: "found", show: (row) => row.problem ?? "nothing wrong" },
            ]}
          />
        </div>
      ) : null}
    </section>
  );
}

function Entries() {
  const subject = place.value.query.get("subject") ?? "";
  const by = place.value.query.get("by") ?? "";
  const query = new URLSearchParams(Object.entries({ subject, by, last: "200" }).filter(([, value]) => value)).toString();
  const loaded = useLoad(() => lines(`/v1/audit?${query}`), [query]);
  // The fields hold what is being typed: a refresh of the page must not take it back.
  const filter = (some: Record<string, string>) => go("audit", [], { subject, by, ...some });
  return (
    <section>
      <h2>Entries</h2>
      <p class="filters">
        <label>
          Item <input key={subject} type="search" defaultValue={subject} onChange={(event) => filter({ subject: event.currentTarget.value })} />
        </label>
        <label>
          Who <input key={by} type="search" defaultValue={by} onChange={(event) => filter({ by: event.currentTarget.value })} />
        </label>
        <a class="button" href="/v1/audit" download="audit.jsonl">
          Export (JSON Lines)
        </a>
      </p>
      <Shown loaded={loaded}>
        {(entries) => (
          <Table
            caption="What happened last"
            file="audit"
            empty="No entry fits the filters."
            rows={[...entries].reverse()}
            columns={[
              { title: "when", show: (row) => moment(row.at), value: (row) => row.at },
              { title: "who", show: (row) => row.by, value: (row) => row.by },
              { title: "what", show: (row) => eventsOf(row), value: eventsOf },
              { title: "item", show: (row) => <code>{row.subjects.map(short).join(", ")}</code>, value: (row) => row.subjects.join(" ") },
              { title: "looked, s", show: (row) => figure(row.looked_s, 1), value: (row) => row.looked_s, isNumber: true },
              { title: "entry", show: (row) => `${row.shard} ${row.seq}`, value: (row) => `${row.shard} ${row.seq}` },
            ]}
          />
        )}
      </Shown>
    </section>
  );
}

function eventsOf(row: Json): string {
  return (row.events as Json[]).map((event) => words(String(event.type))).join(", ");
}
