// The command palette: one field that leads to every place that this person may open.
import { useEffect, useState } from "preact/hooks";
import { read } from "../api";
import { text } from "../messages";
import { titleOf } from "../pages/queue-names";
import { href, open } from "../router";
import { may } from "../session";
import { Dialog } from "./dialog";

export interface Destination {
  name: string;
  kind: string;
  link: string;
  /** What it does in place of leading somewhere. */
  run?: () => void;
}

const MOST = 12;
const CASE_ID = /^[a-z2-7]{26}(-\d+)?$/;

export function Palette({ pages, close }: { pages: Destination[]; close: () => void }) {
  const said = text.value.palette;
  const [search, setSearch] = useState("");
  const [at, setAt] = useState(0);
  const [more, setMore] = useState<Destination[]>([]);
  useEffect(() => {
    void destinations().then(setMore);
  }, []);
  const found = matching([...pages, ...more], search);
  const chosen = Math.min(at, found.length - 1);
  const follow = (to: Destination | undefined) => {
    if (!to) return;
    close();
    if (to.run) to.run();
    else open(to.link);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((chosen + step + found.length) % Math.max(found.length, 1));
    else if (event.key === "Enter") follow(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={said.title} close={close}>
      <input
        type="search"
        class="wide"
        role="combobox"
        list={undefined}
        aria-label={said.open}
        aria-expanded="true"
        aria-controls="palette"
        aria-activedescendant={found.length > 0 ? `palette-${chosen}` : undefined}
        autocomplete="off"
        value={search}
        autofocus
        onKeyDown={press}
        onInput={(event) => {
          setSearch(event.currentTarget.value);
          setAt(0);
        }}
      />
      <ul id="palette" class="palette" role="listbox" aria-label={said.title}>
        {found.map((to, number) => (
          <li key={to.link} id={`palette-${number}`} role="option" aria-selected={number === chosen} onClick={() => follow(to)} onMouseMove={() => setAt(number)}>
            <span>{to.name}</span> <span class="note">{to.kind}</span>
          </li>
        ))}
      </ul>
      <p class="hint" role="status">
        {found.length > 0 ? said.hint : said.none}
      </p>
    </Dialog>
  );
}

/** Those whose words begin with the words that were typed, in any case of letters; a whole id of a case leads to it. */
export function matching(all: Destination[], search: string): Destination[] {
  const said = text.value.palette;
  const typed = search.trim().toLowerCase();
  if (CASE_ID.test(typed)) return [{ name: said.openCase(typed), kind: said.case, link: href("cases", [typed.slice(0, 26)]) }];
  const parts = typed.split(/\s+/).filter((part) => part !== "");
  const has = ({ name, kind }: Destination) => parts.every((part) => `${name} ${kind}`.toLowerCase().split(/[\s:_.,-]+/).some((word) => word.startsWith(part)));
  return all.filter(has).slice(0, MOST);
}

/** Queues, tasks and open requests; a part that cannot be had is left out. */
async function destinations(): Promise<Destination[]> {
  const said = text.value.palette;
  const none = () => [] as Destination[];
  const queues = may("review") ? read("/v1/queues").then(({ queues: found }) => Object.keys(found).map((name) => ({ name: titleOf(name), kind: said.queue, link: href("reviews", [name]) })), none) : none();
  const tasks = read("/v1/models").then(({ tasks: found }) => found.flatMap(({ task, title }) => ofTask(task, title)), none);
  const asked = { status: "pending", limit: 100 };
  const approvals = may("see_approvals") ? read("/v1/approvals", {}, asked).then((found) => found.approvals.map((row) => ({ name: row.title, kind: said.approval, link: href("approvals", [row.approval_id]) })), none) : none();
  return (await Promise.all([queues, approvals, tasks])).flat();
}

function ofTask(task: string, title: string): Destination[] {
  const said = text.value.palette;
  return [
    { name: title, kind: said.model, link: href("models", [task]) },
    ...(may("see_quality") ? [{ name: title, kind: said.analytics, link: href("analytics", [task]) }] : []),
    ...(may("try_policies") ? [{ name: title, kind: said.policy, link: href("policies", [task]) }] : []),
  ];
}
