// A dialog that asks for a reason before an action that wants one.
import { useState } from "preact/hooks";
import { Dialog } from "./dialog";

interface AskProps {
  title: string;
  label: string;
  button: string;
  isRequired?: boolean;
  run: (text: string) => void;
  close: () => void;
}

export function Ask({ title, label, button, isRequired = true, run, close }: AskProps) {
  const [text, setText] = useState("");
  const isReady = !isRequired || text.trim() !== "";
  return (
    <Dialog title={title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) run(text.trim());
        }}
      >
        <label>
          {label}
          <textarea value={text} maxLength={2000} autofocus required={isRequired} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <p class="buttons">
          <button class="primary" disabled={!isReady}>
            {button}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
