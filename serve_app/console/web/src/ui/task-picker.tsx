// The page's task: chosen here, held in the address.
import type { ComponentChildren } from "preact";
import { get, type Json } from "../api";
import { useLoad } from "../load";
import { go, place } from "../router";
import { Empty, Shown } from "./states";

/** `page` of the chosen task, the first one until somebody chooses. */
export function TaskPicker({ page, children }: { page: string; children: (task: string) => ComponentChildren }) {
  const loaded = useLoad(() => get<{ tasks: Json[] }>("/v1/models"));
  const [chosen] = place.value.rest;
  return (
    <Shown loaded={loaded}>
      {({ tasks }) => {
        const names = tasks.map((task) => String(task.task));
        const task = chosen ?? names[0];
        if (task === undefined) return <Empty>No task is configured.</Empty>;
        return (
          <>
            <p class="filters">
              <label>
                Task{" "}
                <select value={task} onChange={(event) => go(page, [event.currentTarget.value])}>
                  {names.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </label>
            </p>
            {children(task)}
          </>
        );
      }}
    </Shown>
  );
}
