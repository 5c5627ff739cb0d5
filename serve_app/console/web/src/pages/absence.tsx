// An approver says until when they are away, and who votes for them.
import { useState } from "preact/hooks";
import { act } from "../api";
import { text } from "../messages";
import { may } from "../session";
import { perform } from "../ui/perform";

export function Absence() {
  const said = text.value.care.absence;
  const [until, setUntil] = useState("");
  const [deputy, setDeputy] = useState("");
  if (!may("note_absences")) return null;
  const note = (event: Event) => {
    event.preventDefault();
    const away = new Date(`${until}T23:59:59`).toISOString();
    perform(act("POST /v1/approvals/absences", {}, { until: away, deputy: deputy.trim() || null }), said.noted, () => (setUntil(""), setDeputy("")));
  };
  return (
    <details class="panel">
      <summary>{said.title}</summary>
      <p class="hint">{said.hint}</p>
      <form class="filters" onSubmit={note}>
        <label>
          {said.until} <input type="date" required value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
        </label>
        <label>
          {said.deputy} <input value={deputy} onInput={(event) => setDeputy(event.currentTarget.value)} />
        </label>
        <button>{said.note}</button>
      </form>
    </details>
  );
}
