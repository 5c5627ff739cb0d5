// The sheet of keys.
import { ACTIONS, GO_TO, keyOf } from "../keys";
import { Dialog } from "./dialog";

export function Shortcuts({ close }: { close: () => void }) {
  return (
    <Dialog title="Keys" close={close}>
      <p>Single keys rest while you type. They can be changed or switched off in Settings.</p>
      <dl class="keys">
        {Object.entries(ACTIONS).map(([action, { says }]) => (
          <div key={action}>
            <dt>
              <kbd>{keyOf(action)}</kbd>
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>1</kbd>–<kbd>9</kbd>
          </dt>
          <dd>choose the label or option with this number</dd>
        </div>
        {Object.entries(GO_TO).map(([key, page]) => (
          <div key={key}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>go to {page}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="primary" onClick={close} autofocus>
        Close
      </button>
    </Dialog>
  );
}
