// Tabs over one place of a page (ARIA Authoring Practices, tabs): arrow keys, Home and End choose; the chosen panel alone is there.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

interface TabsProps<Name extends string> {
  label: string;
  tabs: Record<Name, string>;
  chosen: Name;
  /** May refuse: then the chosen one stays. */
  choose: (name: Name) => void;
  children: ComponentChildren;
}

export function Tabs<Name extends string>({ label, tabs, chosen, choose, children }: TabsProps<Name>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const isByKey = useRef(false);
  const names = Object.keys(tabs) as Name[];
  useLayoutEffect(() => {
    if (isByKey.current) list.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
    isByKey.current = false;
  }, [chosen]);
  const press = (event: KeyboardEvent) => {
    const now = names.indexOf(chosen);
    const steps: Record<string, number> = { ArrowRight: now + 1, ArrowLeft: now - 1 + names.length, Home: 0, End: names.length - 1 };
    const to = steps[event.key];
    const next = to === undefined ? undefined : names[to % names.length];
    if (next === undefined) return;
    event.preventDefault();
    isByKey.current = next !== chosen;
    choose(next);
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={press}>
        {names.map((name) => (
          <button key={name} type="button" role="tab" id={`${id}-${name}`} aria-selected={name === chosen} aria-controls={`${id}-panel`} tabIndex={name === chosen ? 0 : -1} onClick={() => choose(name)}>
            {tabs[name]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </>
  );
}
