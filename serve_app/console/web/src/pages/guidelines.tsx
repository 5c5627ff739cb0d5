// The guidelines of the task by label, with their examples: folded until somebody opens them, and then open for the next case too.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ShownGuideline, TaskForm } from "../api-types";
import { labelWords } from "../case/label-words";
import { keyOf } from "../keys";
import { text } from "../messages";
import { href } from "../router";
import { Id } from "../ui/id";
import { Kbd } from "../ui/kbd";
import { Verbatim } from "../ui/verbatim";

const isOpen = signal(false);

export function turnGuidelines(): void {
  isOpen.value = !isOpen.value;
}

/** `chosen` is the label that the person is about to give: its guideline is marked, and comes into view. */
export function Guidelines({ form, chosen }: { form: TaskForm; chosen: string }) {
  const said = text.value.review.guidelines;
  if (form.guidelines.length === 0) return null;
  return (
    <div class="guidelines">
      <button type="button" aria-expanded={isOpen.value} aria-controls="guidelines" aria-keyshortcuts={keyOf("guidelines")} onClick={turnGuidelines}>
        {said.title} <Kbd action="guidelines" />
      </button>
      <div id="guidelines" hidden={!isOpen.value} role="region" aria-label={said.title} tabIndex={0}>
        {isOpen.value ? form.guidelines.map((each) => <One key={each.name} title={titleOf(form, each.name)} guideline={each} isChosen={each.name === chosen} />) : null}
      </div>
    </div>
  );
}

/** What people read for a label, or for a field of the answer. */
function titleOf(form: TaskForm, name: string): string {
  return form.fields?.find((field) => field.name === name)?.title ?? labelWords(form, name);
}

function One({ title, guideline, isChosen }: { title: string; guideline: ShownGuideline; isChosen: boolean }) {
  const said = text.value.review.guidelines;
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    const [mine, all] = [element.current, element.current?.parentElement];
    if (isChosen && mine && all) all.scrollTop += mine.getBoundingClientRect().top - all.getBoundingClientRect().top;
  }, [isChosen]);
  return (
    <section ref={element} class={isChosen ? "chosen" : undefined}>
      <h3>{title}</h3>
      <p class="text">
        <Verbatim>{guideline.text}</Verbatim>
      </p>
      {guideline.examples.length > 0 ? (
        <ul aria-label={`${said.examples}: ${title}`}>
          {guideline.examples.map((example, at) => (
            <li key={at} class="text">
              <Verbatim>{example}</Verbatim>
            </li>
          ))}
        </ul>
      ) : null}
      {guideline.cases.length > 0 ? (
        <p class="note">
          {said.cases}: {guideline.cases.map((id) => <Id key={id} id={id} link={href("cases", [id])} />)}
        </p>
      ) : null}
    </section>
  );
}
