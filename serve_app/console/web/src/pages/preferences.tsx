// Settings: one's own (theme, keys, polling), and for those who may, the policies and the keys of people.
import { useState } from "preact/hooks";
import { ACTIONS, keyOf, pressed } from "../keys";
import { hasRole, who } from "../session";
import { change, settings } from "../settings";
import { Facts } from "../ui/facts";
import { People } from "./people";
import { Policies } from "./policies";

export function Preferences() {
  return (
    <>
      <h1>Settings</h1>
      <section>
        <h2>You</h2>
        <Facts
          rows={[
            ["Name", who.value?.id ?? "–"],
            ["Roles", who.value?.roles.join(", ") ?? "–"],
            ["Tasks", who.value?.tasks.join(", ") || "all"],
          ]}
        />
      </section>
      <Look />
      <Keys />
      {hasRole("operator", "approver", "trainer") ? <Policies /> : null}
      {hasRole("admin") ? <People /> : null}
    </>
  );
}

function Look() {
  const { theme, refreshInterval, singleKeys, oneKeySubmit } = settings.value;
  return (
    <section>
      <h2>This browser</h2>
      <label>
        Theme{" "}
        <select value={theme} onChange={(event) => change({ theme: event.currentTarget.value as typeof theme })}>
          <option value="auto">as the system</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
        </select>
      </label>
      <label>
        Seconds between refreshes without a live connection{" "}
        <input type="number" min={2} max={3600} value={refreshInterval / 1000} onChange={(event) => change({ refreshInterval: Math.max(2, Number(event.currentTarget.value)) * 1000 })} />
      </label>
      <label class="tick">
        <input type="checkbox" checked={singleKeys} onChange={(event) => change({ singleKeys: event.currentTarget.checked })} /> Single keys act
      </label>
      <label class="tick">
        <input type="checkbox" checked={oneKeySubmit} onChange={(event) => change({ oneKeySubmit: event.currentTarget.checked })} /> Choosing a label submits it
      </label>
    </section>
  );
}

function Keys() {
  const [listening, setListening] = useState<string | null>(null);
  const take = (event: KeyboardEvent, action: string) => {
    if (event.key === "Tab") return;
    event.preventDefault();
    if (event.key !== "Escape" && !["Shift", "Control", "Alt", "Meta"].includes(event.key)) change({ keys: { ...settings.value.keys, [action]: pressed(event) } });
    if (!["Shift", "Control", "Alt", "Meta"].includes(event.key)) setListening(null);
  };
  return (
    <section>
      <h2>Keys</h2>
      <p>
        Choose an action, then press its new key. <button type="button" class="quiet" onClick={() => change({ keys: {} })}>All as delivered</button>
      </p>
      <ul class="keymap">
        {Object.entries(ACTIONS).map(([action, { says }]) => (
          <li key={action}>
            <button type="button" onClick={() => setListening(action)} onKeyDown={(event) => listening === action && take(event, action)} aria-label={`${says}: ${keyOf(action)}`}>
              {listening === action ? "press a key" : <kbd>{keyOf(action)}</kbd>}
            </button>{" "}
            {says}
          </li>
        ))}
      </ul>
    </section>
  );
}
