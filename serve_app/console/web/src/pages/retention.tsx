// What must be kept: legal holds on the days of a task, set and ended here, and those on single cases.
import { useState } from "preact/hooks";
import { act, read } from "../api";
import type { CaseHold, DaysHold } from "../api-types";
import { moment } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { may } from "../session";
import { Ask } from "../ui/ask";
import { Id } from "../ui/id";
import { PageHead } from "../ui/page-head";
import { perform } from "../ui/perform";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Verbatim } from "../ui/verbatim";
import { endOfDay } from "./case-care";

export function Retention() {
  const said = text.value.care.retention;
  const loaded = useLoad(() => read("/v1/holds"), [], []);
  return (
    <>
      <PageHead title={text.value.shell.pages.retention} />
      <p class="hint">{said.hint}</p>
      <Hold done={loaded.reload} />
      <Shown loaded={loaded}>
        {({ cases = [], days = [] }) => (
          <>
            <Days rows={days} reload={loaded.reload} />
            <Cases rows={cases} />
          </>
        )}
      </Shown>
    </>
  );
}

interface Wish {
  task: string;
  first: string;
  last: string;
  until: string;
}

const NOTHING: Wish = { task: "", first: "", last: "", until: "" };

/** Entered first, then confirmed with a reason. */
function Hold({ done }: { done: () => void }) {
  const said = text.value.care.retention;
  const loaded = useLoad(() => read("/v1/models"), [], []);
  const [wish, setWish] = useState<Wish>(NOTHING);
  const [isAsking, setAsking] = useState(false);
  const set = (some: Partial<Wish>) => setWish({ ...wish, ...some });
  const hold = (reason: string) => {
    setAsking(false);
    const body = { task: wish.task, first_day: wish.first, last_day: wish.last, until: endOfDay(wish.until), reason };
    perform(act("POST /v1/holds/days", {}, body), said.held, () => (setWish(NOTHING), done()));
  };
  const day = (name: "first" | "last" | "until", more: { min?: string; max?: string }) => (
    <label>
      {said[name]} <input type="date" required value={wish[name]} {...more} onInput={(event) => set({ [name]: event.currentTarget.value })} />
    </label>
  );
  return (
    <section class="panel" aria-label={said.hold}>
      <h2>{said.hold}</h2>
      <Shown loaded={loaded}>
        {({ tasks }) => (
          <form
            class="filters"
            onSubmit={(event) => {
              event.preventDefault();
              setAsking(true);
            }}
          >
            <label>
              {said.task}
              <select required value={wish.task} onChange={(event) => set({ task: event.currentTarget.value })}>
                <option value="">{said.choose}</option>
                {tasks.map(({ task, title }) => (
                  <option key={task} value={task}>
                    {title}
                  </option>
                ))}
              </select>
            </label>
            {day("first", wish.last ? { max: wish.last } : {})}
            {day("last", wish.first ? { min: wish.first } : {})}
            {day("until", { min: new Date().toLocaleDateString("sv") })}
            <button class="primary">{said.set}</button>
          </form>
        )}
      </Shown>
      {isAsking ? <Ask title={said.setTitle(wish.task, wish.first, wish.last, wish.until)} label={said.setWhy} button={said.set} run={hold} close={() => setAsking(false)} /> : null}
    </section>
  );
}

function Days({ rows, reload }: { rows: DaysHold[]; reload: () => void }) {
  const said = text.value.care.retention;
  const [ending, setEnding] = useState<DaysHold | null>(null);
  return (
    <>
      <Table
        caption={said.days}
        file="holds"
        empty={said.daysNone}
        rows={rows}
        rowKey={(row) => `${row.task} ${row.first_day} ${row.last_day}`}
        columns={[
          { title: said.task, show: (row) => row.task, value: (row) => row.task },
          { title: said.first, show: (row) => row.first_day, value: (row) => row.first_day },
          { title: said.last, show: (row) => row.last_day, value: (row) => row.last_day },
          { title: said.until, show: (row) => moment(row.until), value: (row) => row.until },
          { title: said.by, show: (row) => row.by, value: (row) => row.by },
          { title: text.value.care.reason, show: (row) => <Verbatim>{row.reason}</Verbatim>, value: (row) => row.reason, isLong: true },
          {
            title: text.value.quality.actions,
            show: (row) =>
              may("shorten_holds") ? (
                <button type="button" class="quiet" aria-label={said.endOf(row.task, row.first_day, row.last_day)} onClick={() => setEnding(row)}>
                  {said.end}
                </button>
              ) : (
                <span class="note">{said.byAdmin}</span>
              ),
          },
        ]}
      />
      {ending ? <End held={ending} close={() => setEnding(null)} done={reload} /> : null}
    </>
  );
}

/** Asked twice, since what is held no more may be deleted for ever: for the reason, then for the task's name. */
function End({ held, close, done }: { held: DaysHold; close: () => void; done: () => void }) {
  const said = text.value.care.retention;
  const [reason, setReason] = useState<string | null>(null);
  const { task, first_day, last_day } = held;
  const title = said.endOf(task, first_day, last_day);
  if (reason === null) return <Ask key="why" title={title} label={said.endWhy} button={said.end} run={setReason} close={close} />;
  const end = () => {
    close();
    perform(act("POST /v1/holds/days", {}, { task, first_day, last_day, until: 0, reason }), said.ended, done);
  };
  return <Ask key="sure" title={title} label={said.endHint(task)} button={said.end} mustBe={task} run={end} close={close} />;
}

function Cases({ rows }: { rows: CaseHold[] }) {
  const said = text.value.care.retention;
  return (
    <Table
      caption={said.cases}
      file="held-cases"
      empty={said.casesNone}
      rows={rows}
      rowKey={(row) => row.case_id}
      columns={[
        { title: text.value.cases.columns.case, show: (row) => <Id id={row.case_id} link={href("cases", [row.case_id])} />, value: (row) => row.case_id },
        { title: said.task, show: (row) => row.task, value: (row) => row.task },
        { title: said.until, show: (row) => moment(row.until), value: (row) => row.until },
        { title: said.by, show: (row) => row.by, value: (row) => row.by },
        { title: text.value.care.reason, show: (row) => <Verbatim>{row.reason}</Verbatim>, value: (row) => row.reason, isLong: true },
      ]}
    />
  );
}
