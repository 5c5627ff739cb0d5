// Cases found by what is known of them; the filters stand in the address.
import { useEffect, useState } from "preact/hooks";
import { read } from "../api";
import type { FoundCase } from "../api-types";
import { moment, percent, relative } from "../format";
import { storedLabelWords } from "../case/label-words";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place, restate } from "../router";
import { Chip, toneOf } from "../ui/chip";
import { Id } from "../ui/id";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { filtersOf, queryOf, TEXTS, type Filters } from "./case-filters";
import { SavedViews } from "./saved-views";

const STATUSES = ["waiting", "leased", "provisional", "decided", "quarantined", "withdrawn"];
const DAYS = ["1", "7", "30"];
const PAGE = 50;
const DAY_S = 86_400;
/** A page of what is rare may be empty while there are more behind it. */
const MOST_ASKED = 20;

interface Found {
  cases: FoundCase[];
  next: string | null;
}

async function search(filters: Filters, wanted: number): Promise<Found> {
  const { days, since: from, ...asked } = filters;
  const since = days ? Math.floor(Date.now() / 1000 - Number(days) * DAY_S) : from;
  const found: Found = { cases: [], next: "" };
  for (let left = MOST_ASKED; left > 0 && found.next !== null && found.cases.length < wanted; left -= 1) {
    const page: Found = await read("/v1/cases", {}, { ...asked, since, limit: PAGE, cursor: found.next });
    found.cases.push(...page.cases);
    found.next = page.next;
  }
  return found;
}

export function Search() {
  const said = text.value.cases;
  const filters = filtersOf(place.value.query);
  const key = JSON.stringify(filters);
  const [wanted, setWanted] = useState(PAGE);
  useEffect(() => setWanted(PAGE), [key]);
  const tasks = useLoad(() => read("/v1/models"), [], []);
  const loaded = useLoad(() => search(filters, wanted), [key, wanted], ["reviews"]);
  const set = (name: string, value: string) => restate("cases", [], { ...filters, ...(name === "days" ? { since: "", until: "" } : {}), [name]: value });
  return (
    <>
      <p class="filters">
        <Choice name={said.task} value={filters.task} options={(tasks.data?.tasks ?? []).map(({ task, title }) => [task, title])} choose={(value) => set("task", value)} />
        <Choice name={said.status} value={filters.status} options={STATUSES.map((status) => [status, said.statuses[status] ?? status])} choose={(value) => set("status", value)} />
        <Choice name={said.opened} value={filters.days} options={DAYS.map((days) => [days, said.lastDays(Number(days))])} choose={(value) => set("days", value)} />
        {TEXTS.map((name) => (
          <label key={name}>
            {said[name]}
            <input type="search" size={14} value={filters[name]} onChange={(event) => set(name, event.currentTarget.value.trim())} />
          </label>
        ))}
        {filters.since || filters.until ? (
          <span class="note">
            {said.between(moment(filters.since || null), moment(filters.until || null))}{" "}
            <button type="button" class="quiet" onClick={() => set("days", "")}>
              {said.anyTime}
            </button>
          </span>
        ) : null}
      </p>
      <SavedViews query={queryOf(filters)} />
      <Shown loaded={loaded}>
        {(found) => (
          <>
            <Results cases={found.cases} isLoading={loaded.isLoading} />
            {found.next !== null ? (
              <button type="button" onClick={() => setWanted(found.cases.length + PAGE)}>
                {said.more}
              </button>
            ) : null}
          </>
        )}
      </Shown>
    </>
  );
}

function Results({ cases, isLoading }: { cases: FoundCase[]; isLoading: boolean }) {
  const said = text.value.cases;
  return (
    <Table
      caption={said.results}
      total={isLoading ? text.value.states.loading : ""}
      empty={said.none}
      file="cases"
      rows={cases}
      rowKey={(row) => row.case_id}
      columns={[
        { title: said.columns.case, show: (row) => <Id id={row.case_id} link={href("cases", [row.case_id])} />, value: (row) => row.case_id },
        { title: said.columns.task, show: (row) => row.task, value: (row) => row.task },
        { title: said.columns.status, show: (row) => <Chip tone={toneOf(row.status === "waiting" ? "pending" : row.status)}>{said.statuses[row.status] ?? row.status}</Chip>, value: (row) => row.status },
        { title: said.columns.model, show: (row) => (row.is_hidden ? said.hidden : row.prediction ? storedLabelWords(row.prediction) : "–"), value: (row) => row.prediction },
        { title: said.columns.confidence, show: (row) => percent(row.confidence), value: (row) => row.confidence, isNumber: true },
        { title: said.columns.outcome, show: (row) => (row.label ? storedLabelWords(row.label) : "–"), value: (row) => row.label },
        { title: said.columns.by, show: (row) => row.by.join(", ") || "–", value: (row) => row.by.join(", ") },
        { title: said.columns.opened, show: (row) => <span title={moment(row.opened_at)}>{relative(row.opened_at)}</span>, value: (row) => row.opened_at },
      ]}
    />
  );
}

function Choice({ name, value, options, choose }: { name: string; value: string; options: [string, string][]; choose: (value: string) => void }) {
  return (
    <label>
      {name}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{text.value.cases.all}</option>
        {options.map(([option, said]) => (
          <option key={option} value={option}>
            {said}
          </option>
        ))}
      </select>
    </label>
  );
}
