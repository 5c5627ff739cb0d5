// The sheet of keys.
import { ACTIONS, GO_TO, keyOf } from "../keys";
import { text } from "../messages";
import { Dialog } from "./dialog";

export function Shortcuts({ close }: { close: () => void }) {
  return (
    <Dialog title={text.value.shell.shortcuts} close={close}>
      <p class="hint">{text.value.shell.keysRest}</p>
      <dl class="keys">
        {Object.keys(ACTIONS).map((action) => (
          <div key={action}>
            <dt>
              <kbd>{keyOf(action)}</kbd>
            </dt>
            <dd>{text.value.shell.actions[action]}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>1</kbd>–<kbd>9</kbd>
          </dt>
          <dd>{text.value.shell.digits}</dd>
        </div>
        {Object.entries(GO_TO).map(([key, page]) => (
          <div key={key}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{text.value.shell.goTo(text.value.shell.pages[page as keyof typeof text.value.shell.pages])}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="primary" onClick={close} autofocus>
        {text.value.states.close}
      </button>
    </Dialog>
  );
}
