// The first-run tour: offered once to each account, skipped by one press, begun anew from the palette. Each step opens the page that
// it tells of.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { text } from "../messages";
import { keepPreferences, preferences } from "../preferences";
import { go } from "../router";
import { may } from "../session";
import { Dialog } from "./dialog";

type Step = "overview" | "inbox" | "reviews" | "approvals" | "cases" | "analytics" | "keys";

/** What a step needs; the others are for everybody. */
const NEEDS: Partial<Record<Step, string>> = { reviews: "review", approvals: "see_approvals", cases: "see_cases", analytics: "see_quality" };
const STEPS: Step[] = ["overview", "inbox", "reviews", "approvals", "cases", "analytics", "keys"];

const isOpen = signal(false);

export function startTour(): void {
  isOpen.value = true;
}

/** On the overview until the account has taken the tour or said no. */
export function TourOffer() {
  const said = text.value.shell.tour;
  if (preferences.value === null || preferences.value.tour !== null || isOpen.value) return null;
  return (
    <section class="notice tour" aria-label={said.title}>
      {said.offer}{" "}
      <button type="button" onClick={startTour}>
        {said.start}
      </button>{" "}
      <button type="button" class="quiet" onClick={() => keepPreferences({ tour: "skipped" })}>
        {said.skip}
      </button>
    </section>
  );
}

export function Tour() {
  return isOpen.value ? <Steps /> : null;
}

function Steps() {
  const said = text.value.shell.tour;
  const steps = STEPS.filter((step) => may(NEEDS[step] ?? "") || !NEEDS[step]);
  const [at, setAt] = useState(0);
  const step = steps[at] ?? "keys";
  const show = (next: number) => {
    const page = steps[next];
    if (page && page !== "keys") go(page);
    setAt(next);
  };
  const end = () => {
    keepPreferences({ tour: "taken" });
    isOpen.value = false;
  };
  return (
    <Dialog title={said.title} close={end}>
      <div aria-live="polite">
        <h3>{said.steps[step].title}</h3>
        <p>{said.steps[step].says}</p>
        <p class="hint">{said.position(at + 1, steps.length)}</p>
      </div>
      <p class="buttons">
        {at < steps.length - 1 ? (
          <button type="button" class="primary" autofocus onClick={() => show(at + 1)}>
            {said.next}
          </button>
        ) : null}
        {at > 0 ? (
          <button type="button" onClick={() => show(at - 1)}>
            {said.back}
          </button>
        ) : null}
        <button type="button" class={at === steps.length - 1 ? "primary" : "quiet"} onClick={end}>
          {said.end}
        </button>
      </p>
    </Dialog>
  );
}
