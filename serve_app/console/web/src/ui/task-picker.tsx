// The page's task: chosen here, held in the address.
import type { ComponentChildren } from "preact";
import { read } from "../api";
import type { ServedTask } from "../api-types";
import { useLoad } from "../load";
import { text } from "../messages";
import { go, place } from "../router";
import { Empty, Shown } from "./states";

/** `page` of the chosen task, the first one until somebody chooses. */
export function TaskPicker({ page, children }: { page: string; children: (task: string, served: ServedTask) => ComponentChildren }) {
  const loaded = useLoad(() => read("/v1/models"));
  const [chosen] = place.value.rest;
  return (
    <Shown loaded={loaded}>
      {({ tasks }) => {
        const served = tasks.find((task) => task.task === chosen) ?? tasks[0];
        if (served === undefined) return <Empty>{text.value.admin.noTask}</Empty>;
        return (
          <>
            <p class="filters">
              <label>
                {text.value.admin.task}
                <select value={served.task} onChange={(event) => go(page, [event.currentTarget.value])}>
                  {tasks.map((task) => (
                    <option key={task.task} value={task.task}>
                      {task.title}
                    </option>
                  ))}
                </select>
              </label>
            </p>
            {children(served.task, served)}
          </>
        );
      }}
    </Shown>
  );
}
