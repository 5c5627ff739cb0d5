// Settings: one's own account; how the console looks, kept for the account; keys and habits, kept by this browser.
import { useState } from "preact/hooks";
import { ACTIONS, keyOf, pressed, takenBy } from "../keys";
import { LANGUAGES, text, type Language } from "../messages";
import { chooseLook } from "../preferences";
import { who } from "../session";
import { change, settings, type Settings } from "../settings";
import { tell } from "../toast";
import { Facts } from "../ui/facts";
import { PageHead } from "../ui/page-head";
import { SessionList } from "./sessions";

export function Preferences() {
  const said = text.value.admin.settings;
  return (
    <>
      <PageHead title={said.title} />
      <div class="split two">
        <section class="panel">
          <h2>{said.you}</h2>
          <Facts
            rows={[
              [said.name, who.value?.id ?? "–"],
              [said.roles, who.value?.roles.join(", ") ?? "–"],
              [said.tasks, who.value?.tasks.join(", ") || said.all],
            ]}
          />
        </section>
        <Look />
      </div>
      <SessionList />
      <Keys />
    </>
  );
}

function Look() {
  const { theme, language, density, refreshInterval, singleKeys, oneKeySubmit } = settings.value;
  const said = text.value.admin.settings;
  return (
    <section class="panel">
      <h2>{said.look}</h2>
      <Choice name={said.theme} value={theme} options={text.value.shell.themes} choose={(value) => chooseLook({ theme: value as Settings["theme"] })} />
      <Choice name={said.language} value={language} options={LANGUAGES} choose={(value) => chooseLook({ language: value as Language })} />
      <Choice name={said.density} value={density} options={said.densities} choose={(value) => chooseLook({ density: value as Settings["density"] })} />
      <h2>{said.browser}</h2>
      <label>
        {said.refresh}
        <input type="number" min={2} max={3600} value={refreshInterval / 1000} onChange={(event) => change({ refreshInterval: Math.max(2, Number(event.currentTarget.value)) * 1000 })} />
      </label>
      <label class="tick">
        <input type="checkbox" checked={singleKeys} onChange={(event) => change({ singleKeys: event.currentTarget.checked })} /> {said.singleKeys}
      </label>
      <label class="tick">
        <input type="checkbox" checked={oneKeySubmit} onChange={(event) => change({ oneKeySubmit: event.currentTarget.checked })} /> {said.oneKey}
      </label>
    </section>
  );
}

function Choice({ name, value, options, choose }: { name: string; value: string; options: Record<string, string>; choose: (value: string) => void }) {
  return (
    <label>
      {name}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {Object.entries(options).map(([option, shown]) => (
          <option key={option} value={option}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}

const MODIFIERS = ["Shift", "Control", "Alt", "Meta"];

function Keys() {
  const [listening, setListening] = useState<string | null>(null);
  const said = text.value.admin.settings;
  const take = (event: KeyboardEvent, action: string) => {
    if (event.key === "Tab" || MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    setListening(null);
    if (event.key === "Escape") return;
    const key = pressed(event);
    const other = takenBy(key, action);
    if (other) tell(said.taken(key, text.value.shell.actions[other] ?? other), "warning");
    else change({ keys: { ...settings.value.keys, [action]: key } });
  };
  return (
    <section class="panel">
      <h2>{said.keys}</h2>
      <p class="hint">
        {said.keysHint}{" "}
        <button type="button" class="quiet" onClick={() => change({ keys: {} })}>
          {said.reset}
        </button>
      </p>
      <ul class="keymap">
        {Object.keys(ACTIONS).map((action) => (
          <li key={action}>
            <button type="button" onClick={() => setListening(action)} onKeyDown={(event) => listening === action && take(event, action)} aria-label={`${text.value.shell.actions[action]}: ${keyOf(action)}`}>
              {listening === action ? said.pressKey : <kbd>{keyOf(action)}</kbd>}
            </button>{" "}
            {text.value.shell.actions[action]}
          </li>
        ))}
      </ul>
    </section>
  );
}
