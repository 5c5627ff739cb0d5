// The history that can be proved: entries with who did what and what they saw, the chains verified, the export.
import { useState } from "preact/hooks";
import { lines, read } from "../api";
import type { VerifiedChains } from "../api-types";
import { figure, moment, relative, sentence, short } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place, restate } from "../router";
import { Chip } from "../ui/chip";
import { Id } from "../ui/id";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Report } from "./report";
import { at, listAt, numberAt, textAt } from "./approval/evidence";

export function Audit() {
  const journals = useLoad(() => read("/v1/journal"), [], ["approvals"]);
  const said = text.value.admin.audit;
  return (
    <>
      <PageHead title={text.value.shell.pages.audit} />
      <Entries />
      <Verify />
      <Report />
      <Shown loaded={journals}>
        {({ shards }) => (
          <Table
            caption={said.journals}
            rows={shards}
            columns={[
              { title: said.shard, show: (row) => row.shard },
              { title: said.entries, show: (row) => ("seq" in row ? figure(row.seq) : "–"), isNumber: true },
              { title: said.head, show: (row) => <code>{short("hash" in row ? row.hash : null)}</code> },
              { title: said.state, show: (row) => <Chip tone={row.phase === "serving" ? "good" : "warn"}>{sentence(row.phase ?? "")}</Chip> },
            ]}
          />
        )}
      </Shown>
    </>
  );
}

function Verify() {
  const [found, setFound] = useState<VerifiedChains | null>(null);
  const [problem, setProblem] = useState("");
  const said = text.value.admin.audit;
  const run = () => {
    setProblem("");
    read("/v1/audit/verify").then(setFound, (error: Error) => setProblem(error.message));
  };
  return (
    <section class="panel">
      <h2>{said.verify}</h2>
      <p class="hint">{said.verifyHint}</p>
      <button type="button" onClick={run}>
        {said.verifyNow}
      </button>
      {problem ? <p role="alert">{problem}</p> : null}
      {found ? (
        <div role="status">
          <Table
            caption={found.shards.every((row) => row.holds) ? said.holds : said.broken}
            rows={found.shards}
            columns={[
              { title: said.shard, show: (row) => row.shard },
              { title: said.verified, show: (row) => figure(row.entries), isNumber: true },
              { title: said.problem, show: (row) => (row.problem ? <Chip tone="bad">{row.problem}</Chip> : <Chip tone="good">{said.ok}</Chip>) },
            ]}
          />
        </div>
      ) : null}
    </section>
  );
}

/** A filter as the service knows it; only whole ids are found. */
interface Filter {
  subject: string;
  by: string;
}

function queryOf(filter: Filter, more: Record<string, string> = {}): string {
  return new URLSearchParams(Object.entries({ ...filter, ...more }).filter(([, value]) => value)).toString();
}

function Entries() {
  const filter: Filter = { subject: place.value.query.get("subject") ?? "", by: place.value.query.get("by") ?? "" };
  const query = queryOf(filter, { last: "200" });
  const loaded = useLoad(() => lines(`/v1/audit?${query}`), [query], ["approvals"]);
  const said = text.value.admin.audit;
  // The fields hold what is being typed: a refresh of the page must not take it back.
  const narrow = (some: Partial<Filter>) => restate("audit", [], { ...Object.fromEntries(place.value.query), ...some });
  return (
    <section aria-busy={loaded.isLoading}>
      <p class="filters">
        <label>
          {said.item} <input key={`item ${filter.subject}`} type="search" defaultValue={filter.subject} onChange={(event) => narrow({ subject: event.currentTarget.value.trim() })} />
        </label>
        <label>
          {said.who} <input key={`who ${filter.by}`} type="search" defaultValue={filter.by} onChange={(event) => narrow({ by: event.currentTarget.value.trim() })} />
        </label>
        <a class="button" href={`/v1/audit${queryOf(filter) ? `?${queryOf(filter)}` : ""}`} download="audit.jsonl">
          {said.export}
        </a>
        {loaded.isLoading && loaded.data ? <span class="note">{said.loading}</span> : null}
      </p>
      <Shown loaded={loaded}>
        {(entries) => (
          <Table
            caption={said.list}
            file="audit"
            empty={said.none}
            rows={[...entries].reverse()}
            columns={[
              { title: said.when, show: (row) => <span title={moment(numberAt(row, "at"))}>{relative(numberAt(row, "at"))}</span>, value: (row) => at(row, "at") },
              { title: said.who, show: (row) => textAt(row, "by") ?? "–", value: (row) => at(row, "by") },
              { title: said.what, show: (row) => eventsOf(row), value: eventsOf },
              { title: said.item, show: (row) => <Subjects row={row} />, value: (row) => listAt(row, "subjects").join(" ") },
              { title: said.looked, show: (row) => figure(numberAt(row, "looked_s"), 1), value: (row) => at(row, "looked_s"), isNumber: true },
              { title: said.entry, show: (row) => `${textAt(row, "shard") ?? ""} ${numberAt(row, "seq") ?? ""}`, value: (row) => `${textAt(row, "shard") ?? ""} ${numberAt(row, "seq") ?? ""}` },
            ]}
          />
        )}
      </Shown>
    </section>
  );
}

function Subjects({ row }: { row: unknown }) {
  const [first, ...others] = listAt(row, "subjects").map(String);
  if (!first) return <>–</>;
  return (
    <>
      <Id id={first} link={href("audit", [], { subject: first })} />
      {others.length > 0 ? <span class="note">{` +${others.length}`}</span> : null}
    </>
  );
}

/** Each kind of event once, with how many there are of it. */
export function eventsOf(row: unknown): string {
  const counts = new Map<string, number>();
  for (const event of listAt(row, "events")) {
    const name = eventName(textAt(event, "type") ?? "");
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} × ${count}`)).join(", ");
}

/** "ReviewReleased" is "Review released". */
export function eventName(type: string): string {
  return sentence(type.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase());
}
