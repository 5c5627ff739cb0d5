// The saved views of the case search: the present filters kept under a name, opened by it, renamed, deleted with a way back.
import { useRef, useState } from "preact/hooks";
import type { SavedView } from "../api-types";
import { text } from "../messages";
import { changeViews, preferences } from "../preferences";
import { tell } from "../toast";
import { Dialog } from "../ui/dialog";
import { MOST_VIEW_NAME, MOST_VIEWS, renamedView, withoutView, withView, withViewAgain } from "./view-list";

const UNDO_MS = 10_000;

/** `query` are the present filters, as the address holds them. */
export function SavedViews({ query }: { query: string }) {
  const said = text.value.cases.views;
  const [asks, setAsks] = useState<"save" | "rename" | null>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const views = preferences.value?.views ?? [];
  const open = views.find((view) => view.query === query);
  const change = (how: (views: SavedView[]) => SavedView[], done: string, undo?: () => void) => {
    setAsks(null);
    const changed = (now: SavedView[]) => {
      const then = how(now);
      if (then === now) throw new Error(said.taken);
      return then;
    };
    changeViews(changed).then(
      () => {
        tell(done, "done", undo ? { label: said.undo, run: undo } : undefined, UNDO_MS);
        // The button that was pressed may be gone.
        requestAnimationFrame(() => document.activeElement === document.body && head.current?.focus());
      },
      (error: Error) => tell(error.message, "error"),
    );
  };
  const save = (name: string) => change((now) => withView(now, { name, query }), said.saved(name));
  const remove = (view: SavedView) => {
    const place = views.indexOf(view);
    change((now) => withoutView(now, view.name), said.deleted(view.name), () => change((now) => withViewAgain(now, place, view), said.restored(view.name)));
  };
  if (views.length === 0 && query === "") return null;
  return (
    <section class="views" aria-label={said.title}>
      <h2 ref={head} tabIndex={-1}>
        {said.title}
      </h2>
      {views.length > 0 ? (
        <ul>
          {views.map((view) => (
            <li key={view.name}>
              <a class="button" href={view.query ? `/cases?${view.query}` : "/cases"} aria-current={view === open ? "true" : undefined}>
                {view.name}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      <p class="buttons">
        {open ? (
          <>
            <button type="button" class="quiet" aria-label={said.renameOf(open.name)} onClick={() => setAsks("rename")}>
              {said.rename}
            </button>
            <button type="button" class="quiet" aria-label={said.deleteOf(open.name)} onClick={() => remove(open)}>
              {said.delete}
            </button>
          </>
        ) : query !== "" ? (
          <button type="button" onClick={() => setAsks("save")}>
            {said.save}
          </button>
        ) : null}
      </p>
      {asks === "save" ? <Naming title={said.save} first="" others={views.map(({ name }) => name)} canReplace isFull={views.length >= MOST_VIEWS} run={save} close={() => setAsks(null)} /> : null}
      {asks === "rename" && open ? <Naming title={said.renameOf(open.name)} first={open.name} others={withoutView(views, open.name).map(({ name }) => name)} canReplace={false} isFull={false} run={(name) => change((now) => renamedView(now, open.name, name), said.renamed(name))} close={() => setAsks(null)} /> : null}
    </section>
  );
}

interface NamingProps {
  title: string;
  first: string;
  /** Names that other views have. */
  others: string[];
  canReplace: boolean;
  /** Whether there is no room for one more. */
  isFull: boolean;
  run: (name: string) => void;
  close: () => void;
}

function Naming({ title, first, others, canReplace, isFull, run, close }: NamingProps) {
  const said = text.value.cases.views;
  const [entered, setEntered] = useState(first);
  const name = entered.trim();
  const isTaken = others.includes(name);
  const isReady = name !== "" && (isTaken ? canReplace : !isFull);
  const hint = isTaken ? (canReplace ? said.replaces : said.taken) : isFull ? said.full(MOST_VIEWS) : said.hint;
  const submit = (event: Event) => {
    event.preventDefault();
    if (isReady) run(name);
  };
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={submit}>
        <label for="view-name">{said.name}</label>
        <input id="view-name" class="wide" maxLength={MOST_VIEW_NAME} autofocus aria-describedby="view-hint" value={entered} onInput={(event) => setEntered(event.currentTarget.value)} />
        <p class={isReady || name === "" ? "hint" : "problem"} id="view-hint" role="status">
          {hint}
        </p>
        <p class="buttons">
          <button class="primary" disabled={!isReady}>
            {isTaken && canReplace ? said.replace : said.keep}
          </button>
          <button type="button" onClick={close}>
            {text.value.states.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
