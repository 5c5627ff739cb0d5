// The rules of a policy as a list: each with its expression and its effect; added, taken away and moved by buttons.
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Json } from "../api";
import { text } from "../messages";
import { tell } from "../toast";
import { Whys } from "../ui/number-entry";
import { textAt } from "./approval/evidence";
import { EFFECTS, MOST_EXPRESSION, MOST_NAME, MOST_REASON, MOST_RULES, PRIORITIES, rulesOf, withNewRule, withoutRule, withPart, withRuleAgain, withRuleMoved, type Effect } from "./policy-draft";
import type { FormProps } from "./policy-form";

export function PolicyRules({ value, change, whys }: FormProps) {
  const said = text.value.policyForm;
  const id = useId();
  const part = useRef<HTMLFieldSetElement>(null);
  const focused = useRef("");
  const [moved, setMoved] = useState("");
  const rules = rulesOf(value);
  // A button that is pressed may be gone or at its end in the next rendering: the focus goes on to what is nearest.
  useLayoutEffect(() => {
    if (focused.current) part.current?.querySelector<HTMLElement>(focused.current)?.focus();
    focused.current = "";
  });
  if (rules === null) return <p class="notice warning">{said.rulesUnreadable}</p>;
  const add = () => {
    focused.current = `[data-rule="${rules.length}"] [data-do="name"]`;
    change(withNewRule);
  };
  const remove = (place: number, rule: Json) => {
    focused.current = rules.length > 1 ? `[data-rule="${Math.min(place, rules.length - 2)}"] [data-do="remove"]` : '[data-do="add"]';
    change((now) => withoutRule(now, place));
    tell(said.removed(nameOf(rule)), "done", { label: said.undo, run: () => change((now) => withRuleAgain(now, place, rule)) });
  };
  const move = (from: number, to: number, rule: Json) => {
    const isUp = to < from;
    const isAtEnd = to === (isUp ? 0 : rules.length - 1);
    focused.current = `[data-rule="${to}"] [data-do="${isUp === isAtEnd ? "down" : "up"}"]`;
    change((now) => withRuleMoved(now, from, to));
    setMoved(said.moved(nameOf(rule), to + 1, rules.length));
  };
  return (
    <fieldset class="part" ref={part} aria-describedby={`${id}-hint`}>
      <legend>{said.rules}</legend>
      <p class="hint" id={`${id}-hint`}>
        {said.rulesHint}
      </p>
      <Whys id={`${id}-why`} whys={whys("rules")} />
      <p class="unseen" role="status">
        {moved}
      </p>
      {rules.length === 0 ? <p class="hint">{said.rulesNone}</p> : null}
      <ol class="rules">
        {rules.map((rule, place) => (
          <li key={place} data-rule={place}>
            <Rule rule={rule} place={place} whys={(key) => whys(key ? `rules/${place}/${key}` : `rules/${place}`)} set={(key, entered) => change((now) => withPart(now, ["rules", place, key], entered))}>
              <button type="button" data-do="up" disabled={place === 0} aria-label={said.upOf(nameOf(rule))} onClick={() => move(place, place - 1, rule)}>
                {said.up}
              </button>
              <button type="button" data-do="down" disabled={place === rules.length - 1} aria-label={said.downOf(nameOf(rule))} onClick={() => move(place, place + 1, rule)}>
                {said.down}
              </button>
              <button type="button" class="quiet" data-do="remove" aria-label={said.removeOf(nameOf(rule))} onClick={() => remove(place, rule)}>
                {said.remove}
              </button>
            </Rule>
          </li>
        ))}
      </ol>
      <button type="button" data-do="add" disabled={rules.length >= MOST_RULES} onClick={add}>
        {said.add}
      </button>
    </fieldset>
  );
}

function nameOf(rule: Json): string {
  return textAt(rule, "name") ?? "";
}

interface RuleProps {
  rule: Json;
  place: number;
  /** Of one key, or, for "", of the rule as a whole. */
  whys: (key: string) => string[];
  set: (key: string, entered: string | undefined) => void;
  children: preact.ComponentChildren;
}

function Rule({ rule, place, whys, set, children }: RuleProps) {
  const said = text.value.policyForm;
  const id = useId();
  const about = (key: string) => ({ "aria-describedby": `${id}-${key}-hint ${id}-${key}-why`, "aria-invalid": whys(key).length > 0 ? ("true" as const) : undefined });
  const effect = textAt(rule, "effect") ?? "";
  return (
    <fieldset class="rule">
      <legend>{said.rule(place + 1, nameOf(rule))}</legend>
      <Whys id={`${id}-why`} whys={whys("")} />
      <div class="entries">
        <Entry id={id} part="name" name={said.name} hint={said.nameHint} whys={whys("name")}>
          <input id={`${id}-name`} data-do="name" maxLength={MOST_NAME} spellcheck={false} value={nameOf(rule)} {...about("name")} onInput={(event) => set("name", event.currentTarget.value)} />
        </Entry>
        <Entry id={id} part="effect" name={said.effect} hint={said.effectHints[effect as Effect] ?? ""} whys={whys("effect")}>
          <select id={`${id}-effect`} value={effect} {...about("effect")} onChange={(event) => set("effect", event.currentTarget.value)}>
            {[...EFFECTS, ...(EFFECTS.includes(effect as Effect) ? [] : [effect])].map((each) => (
              <option key={each} value={each}>
                {said.effects[each as Effect] ?? each}
              </option>
            ))}
          </select>
        </Entry>
        <Entry id={id} part="priority" name={said.priority} hint={effect === "priority" ? said.priorityNeeded : said.priorityHint} whys={whys("priority")}>
          <select id={`${id}-priority`} value={textAt(rule, "priority") ?? ""} {...about("priority")} onChange={(event) => set("priority", event.currentTarget.value || undefined)}>
            <option value="">{said.priorityNone}</option>
            {PRIORITIES.map((each) => (
              <option key={each} value={each}>
                {said.priorities[each]}
              </option>
            ))}
          </select>
        </Entry>
      </div>
      <Entry id={id} part="when" name={said.when} hint={said.whenHint} whys={whys("when")}>
        <textarea id={`${id}-when`} class="code" rows={2} maxLength={MOST_EXPRESSION} spellcheck={false} value={textAt(rule, "when") ?? ""} {...about("when")} onInput={(event) => set("when", event.currentTarget.value)} />
      </Entry>
      <Entry id={id} part="reason" name={said.reason} hint={said.reasonHint} whys={whys("reason")}>
        <input id={`${id}-reason`} class="wide" maxLength={MOST_REASON} value={textAt(rule, "reason") ?? ""} {...about("reason")} onInput={(event) => set("reason", event.currentTarget.value)} />
      </Entry>
      <p class="buttons">{children}</p>
    </fieldset>
  );
}

function Entry({ id, part, name, hint, whys, children }: { id: string; part: string; name: string; hint: string; whys: string[]; children: preact.ComponentChildren }) {
  return (
    <div class="entry">
      <label for={`${id}-${part}`}>{name}</label>
      {children}
      <small id={`${id}-${part}-hint`}>{hint}</small>
      <Whys id={`${id}-${part}-why`} whys={whys} />
    </div>
  );
}
