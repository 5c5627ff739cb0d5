// A dialog that asks for a reason before an action that wants one. Ctrl+Enter sends it, as it does everywhere.
import { useState } from "preact/hooks";
import { text } from "../messages";
import { Dialog } from "./dialog";

interface AskProps {
  title: string;
  label: string;
  button: string;
  isRequired?: boolean;
  /** What must be entered, word for word, before the action is offered. */
  mustBe?: string;
  run: (said: string) => void;
  close: () => void;
}

export function Ask({ title, label, button, isRequired = true, mustBe, run, close }: AskProps) {
  const [said, setSaid] = useState("");
  const isReady = mustBe !== undefined ? said.trim() === mustBe : !isRequired || said.trim() !== "";
  const submit = (event: Event) => {
    event.preventDefault();
    if (isReady) run(said.trim());
  };
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={submit} onKeyDown={(event) => (event.ctrlKey || event.metaKey) && event.key === "Enter" && submit(event)}>
        <label>
          {label}
          <textarea value={said} maxLength={2000} autofocus required={isRequired} onInput={(event) => setSaid(event.currentTarget.value)} />
        </label>
        <p class="buttons">
          <button class="primary" disabled={!isReady}>
            {button}
          </button>
          <button type="button" onClick={close}>
            {text.value.states.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
