// The figures with their intervals and n: what automation costs, how often it is wrong, and what another threshold would do.
import { get, type Json } from "../api";
import { figure, percent, span } from "../format";
import { useLoad } from "../load";
import { go, place } from "../router";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Quality } from "./quality";

export function Analytics() {
  const tasks = useLoad(() => get<{ tasks: Json[] }>("/v1/models"));
  const [chosen] = place.value.rest;
  return (
    <>
      <h1>Analytics</h1>
      <Shown loaded={tasks}>
        {(found) => {
          const names = found.tasks.map((task) => String(task.task));
          const task = chosen ?? names[0];
          return (
            <>
              <p class="filters">
                <label>
                  Task{" "}
                  <select value={task} onChange={(event) => go("analytics", [event.currentTarget.value])}>
                    {names.map((name) => (
                      <option key={name}>{name}</option>
                    ))}
                  </select>
                </label>
              </p>
              {task ? <Quality key={task} task={task} /> : null}
              <Counts />
            </>
          );
        }}
      </Shown>
    </>
  );
}

function Counts() {
  const loaded = useLoad(() => get("/v1/metrics"));
  return (
    <Shown loaded={loaded}>
      {(metrics) => (
        <>
          <Table
            caption="Reviews by task"
            file="reviews"
            rows={Object.entries((metrics.reviews ?? {}) as Record<string, Json>)}
            columns={[
              { title: "task", show: ([task]) => task, value: ([task]) => task },
              { title: "opened", show: ([, row]) => figure(row.opened), value: ([, row]) => row.opened, isNumber: true },
              { title: "decided", show: ([, row]) => figure(row.decided), value: ([, row]) => row.decided, isNumber: true },
              { title: "in time", show: ([, row]) => (row.decided ? percent(row.in_time / row.decided) : "–"), value: ([, row]) => row.in_time, isNumber: true },
              { title: "agreed with the model", show: ([, row]) => (row.decided ? percent(row.agreed / row.decided) : "–"), value: ([, row]) => row.agreed, isNumber: true },
              { title: "escalated", show: ([, row]) => figure(row.escalated), value: ([, row]) => row.escalated, isNumber: true },
              { title: "overdue", show: ([, row]) => figure(row.overdue), value: ([, row]) => row.overdue, isNumber: true },
            ]}
          />
          <Table
            caption="Queues"
            file="queues"
            rows={Object.entries((metrics.queues ?? {}) as Record<string, Json>)}
            columns={[
              { title: "queue", show: ([name]) => name, value: ([name]) => name },
              { title: "waiting", show: ([, row]) => figure(row.waiting), value: ([, row]) => row.waiting, isNumber: true },
              { title: "leased", show: ([, row]) => figure(row.leased), value: ([, row]) => row.leased, isNumber: true },
              { title: "oldest", show: ([, row]) => span(row.oldest_age_s), value: ([, row]) => row.oldest_age_s },
            ]}
          />
        </>
      )}
    </Shown>
  );
}
