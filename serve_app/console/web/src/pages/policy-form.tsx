// The policy of a task as a form: bands, risk, shares that people check, rules. Each field says what it means and why it was refused.
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import type { Json } from "../api";
import { percent } from "../format";
import { text } from "../messages";
import { NumberEntry, Whys } from "../ui/number-entry";
import { at } from "./approval/evidence";
import { bandOutOfOrder, BANDS, DEFAULTS, hiddenKeys, isCertified, isObject, RISKS, sharePath, SHARES, withPart, withRisk, type Change, type Path } from "./policy-draft";
import { PolicyRules } from "./policy-rules";

export interface FormProps {
  value: Json;
  change: (change: Change) => void;
  /** Why the service refuses what stands at an entry. */
  whys: (entry: string) => string[];
}

export function PolicyForm(props: FormProps) {
  const { value } = props;
  const said = text.value.policyForm;
  const hidden = hiddenKeys(value);
  return (
    <>
      <Bands {...props} />
      <Risk {...props} />
      <Part title={said.sampling} hint={said.samplingHint} whys={props.whys("sampling")}>
        {SHARES.map((share) => (
          <ShareEntry key={share} {...props} path={sharePath(value, share)} usual={DEFAULTS[share]} whysHere={props.whys(`sampling/${share}`)} words={said.shares[share]} />
        ))}
      </Part>
      <PolicyRules {...props} />
      {hidden.length > 0 ? <p class="hint">{said.hidden(hidden.join(", "))}</p> : null}
    </>
  );
}

function Bands(props: FormProps) {
  const said = text.value.policyForm;
  const wrong = bandOutOfOrder(props.value);
  return (
    <Part title={said.bands} hint={said.bandsHint} whys={[]}>
      {BANDS.map((band) => (
        <ShareEntry key={band} {...props} path={[band]} usual={DEFAULTS[band]} whysHere={[...props.whys(band), ...(band === wrong ? [said.outOfOrder] : [])]} words={said.bandWords[band]} />
      ))}
    </Part>
  );
}

function Risk(props: FormProps) {
  const { value, change, whys } = props;
  const said = text.value.policyForm;
  const group = useId();
  const before = useRef<unknown>(null);
  const isNow = isCertified(value);
  if (isObject(value.risk)) before.current = value.risk;
  return (
    <Part title={said.risk} hint={said.riskHint} whys={whys("risk")}>
      <div class="choices">
        {([false, true] as const).map((certified) => (
          <label key={String(certified)} class="tick">
            <input type="radio" name={group} checked={isNow === certified} onChange={() => change((now) => withRisk(now, certified, before.current))} /> {certified ? said.certified : said.uncertified}
          </label>
        ))}
      </div>
      {isNow ? RISKS.map((key) => <ShareEntry key={key} {...props} path={["risk", key]} usual={undefined} whysHere={whys(`risk/${key}`)} words={said.risks[key]} />) : null}
    </Part>
  );
}

interface ShareProps extends FormProps {
  path: Path;
  usual: number | undefined;
  whysHere: string[];
  words: { name: string; hint: string };
}

/** A share or a probability: from 0 to 1, in per cent beside it. */
function ShareEntry({ value, change, path, usual, whysHere, words }: ShareProps) {
  const found = at(value, ...path);
  return <NumberEntry name={words.name} hint={words.hint} value={found} usual={found === undefined ? usual : undefined} words={typeof found === "number" ? `= ${percent(found, Number.isInteger(Number((100 * found).toFixed(6))) ? 0 : 2)}` : ""} min={0} max={1} step={0.01} whys={whysHere} give={(entered) => change((now) => withPart(now, path, entered))} />;
}

/** A part of the form with its title, one line about it, and what was refused of it as a whole. */
function Part({ title, hint, whys, children }: { title: string; hint: string; whys: string[]; children: ComponentChildren }) {
  const id = useId();
  return (
    <fieldset class="part" aria-describedby={`${id}-hint`}>
      <legend>{title}</legend>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
      <Whys id={`${id}-why`} whys={whys} />
      <div class="entries">{children}</div>
    </fieldset>
  );
}
