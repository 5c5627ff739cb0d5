// How many people each queue needs, how well each person answers, and which cases teach the model the most.
import { read } from "../api";
import type { Interval, QueueForecast, ReviewerFigures } from "../api-types";
import { figure, percent, sentence, span } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place, restate } from "../router";
import { may } from "../session";
import { Chip } from "../ui/chip";
import { Id } from "../ui/id";
import { PageHead } from "../ui/page-head";
import { Failure, Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TaskPicker } from "../ui/task-picker";
import { TimeRange } from "../ui/time-range";
import { useCompared } from "./compared";
import { changeOf } from "./quality";
import { titleOf } from "./queue-names";

const HOURS = [1, 4, 8, 24, 168];
const USUAL_HOURS = "4";

export function Staffing() {
  const [task] = place.value.rest;
  const hours = place.value.query.get("hours") ?? USUAL_HOURS;
  const said = text.value.care.staffing;
  return (
    <>
      <PageHead title={text.value.shell.pages.staffing} />
      <p class="filters">
        <label>
          {said.hours}
          <select value={hours} onChange={(event) => restate("staffing", task ? [task] : [], { ...Object.fromEntries(place.value.query), hours: event.currentTarget.value })}>
            {HOURS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      </p>
      <Forecasts hours={hours} />
      <TaskPicker page="staffing">
        {(chosen) => (
          <div key={chosen}>
            {may("see_reviewers") ? <Reviewers task={chosen} /> : null}
            {may("see_suggestions") ? <Suggestions task={chosen} /> : null}
          </div>
        )}
      </TaskPicker>
    </>
  );
}

async function forecasts(hours: string): Promise<QueueForecast[]> {
  const { queues } = await read("/v1/queues");
  return Promise.all(Object.keys(queues).map((queue) => read("/v1/queues/{queue}/forecast", { queue }, { hours })));
}

const perHour = (rate: number | null): string => (rate === null ? "–" : figure(3600 * rate, 1));

function Forecasts({ hours }: { hours: string }) {
  const loaded = useLoad(() => forecasts(hours), [hours], ["reviews"]);
  const said = text.value.care.staffing;
  return (
    <Shown loaded={loaded}>
      {(rows) => (
        <Table
          caption={said.queues}
          file="staffing"
          empty={said.queuesNone}
          rows={rows}
          rowKey={(row) => row.queue}
          columns={[
            { title: said.queue, show: (row) => titleOf(row.queue), value: (row) => row.queue },
            { title: said.waiting, show: (row) => figure(row.waiting), value: (row) => row.waiting, isNumber: true },
            { title: said.arrivals, show: (row) => perHour(row.rates.arrivals_per_s), isNumber: true },
            { title: said.answers, show: (row) => perHour(row.rates.answers_per_s), isNumber: true },
            { title: said.handling, show: (row) => span(row.rates.handling_s), value: (row) => row.rates.handling_s, isNumber: true },
            { title: said.needed, show: (row) => (row.reviewers_needed === null ? <span title={row.text}>{said.unknown}</span> : <strong title={row.text}>{figure(row.reviewers_needed, 1)}</strong>), value: (row) => row.reviewers_needed, isNumber: true },
          ]}
        />
      )}
    </Shown>
  );
}

/** A share with its interval; nothing where nothing was observed. */
export function share({ value, low, high, n }: Interval): string {
  return value === null || n === 0 ? "–" : `${percent(value)} (${percent(low)} – ${percent(high)})`;
}

function Reviewers({ task }: { task: string }) {
  const { now, earlier } = useCompared((period) => read("/v1/quality/{task}/reviewers", { task }, { ...period }), [task], ["reviews"]);
  const said = text.value.care.staffing;
  const words = text.value.charts.range;
  const was = (name: string) => earlier.data?.reviewers[name]?.error;
  return (
    <>
      <p class="hint">{said.ofNow}</p>
      <TimeRange task={task} period={now.data?.period ?? null} />
      {earlier.error ? <Failure error={earlier.error} again={earlier.reload} /> : null}
      <Shown loaded={now}>
        {({ reviewers }) => (
          <Table
            caption={said.reviewers}
            file={`reviewers-${task}`}
            empty={said.reviewersNone}
            rows={Object.entries(reviewers)}
            rowKey={([name]) => name}
            columns={[
              { title: said.reviewer, show: ([name]) => <a href={href("cases", [], { reviewer: name, task })}>{name}</a>, value: ([name]) => name },
              { title: said.answered, show: ([, row]) => figure(row.answers), value: ([, row]: [string, ReviewerFigures]) => row.answers, isNumber: true },
              { title: said.tested, show: ([, row]) => figure(row.tests), value: ([, row]) => row.tests, isNumber: true },
              { title: `${said.error} (${said.interval})`, show: ([, row]) => share(row.error), value: ([, row]) => row.error.value, isNumber: true },
              ...(earlier.data
                ? [
                    { title: `${said.error}: ${words.before}`, show: ([name]: [string, ReviewerFigures]) => shareOf(was(name)), value: ([name]: [string, ReviewerFigures]) => was(name)?.value, isNumber: true },
                    { title: `${said.error}: ${words.change}`, show: ([name, row]: [string, ReviewerFigures]) => changeOf(row.error, was(name), "share"), isNumber: true },
                  ]
                : []),
              { title: said.drifted, show: ([, row]) => (row.has_drifted ? <Chip tone="bad">{said.drifted}</Chip> : "–"), value: ([, row]) => row.has_drifted },
              { title: `${said.stamping} (${said.interval})`, show: ([, row]) => share(row.rubber_stamping), value: ([, row]) => row.rubber_stamping.value, isNumber: true },
            ]}
          />
        )}
      </Shown>
    </>
  );
}

/** Of somebody who may have no figures. */
function shareOf(found: Interval | undefined): string {
  return found ? share(found) : "–";
}

function Suggestions({ task }: { task: string }) {
  const loaded = useLoad(() => read("/v1/suggestions/{task}", { task }), [task], ["reviews"]);
  const said = text.value.care.staffing;
  return (
    <Shown loaded={loaded}>
      {({ suggestions }) => (
        <Table
          caption={said.suggestions}
          empty={said.suggestionsNone}
          rows={suggestions}
          rowKey={(row) => row.review_id}
          columns={[
            { title: said.review, show: (row) => <Id id={row.review_id} link={href("cases", [row.review_id.replace(/-\d+$/, "")])} /> },
            { title: said.suggested, show: (row) => (row.predicted_class === null ? "–" : `${row.predicted_class} (${percent(row.prediction_confidence)})`) },
            { title: said.uncertainty, show: (row) => figure(row.uncertainty_score, 2), isNumber: true },
            { title: said.chosenBy, show: (row) => sentence(row.chosen_by) },
          ]}
        />
      )}
    </Shown>
  );
}
