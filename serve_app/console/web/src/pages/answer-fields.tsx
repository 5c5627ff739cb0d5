// The answer that is a value, or what is added to a label: what was declared, corrected in place.
import { useState } from "preact/hooks";
import type { AskedField } from "../api-types";
import type { Entered } from "../drafts";
import { text } from "../messages";
import { Kbd } from "../ui/kbd";
import { WordDiff } from "../ui/word-diff";

export type Declared = Record<string, unknown> | null;
type Word = string | string[];

interface FieldsProps {
  question: string;
  fields: AskedField[];
  declared: Declared;
  entered: Entered | null;
  enter: (entered: Entered) => void;
  /** Told the name of the field that gets the focus. */
  focus?: (name: string) => void;
}

export function Fields({ question, fields, declared, entered, enter, focus }: FieldsProps) {
  const tell = (event: FocusEvent) => {
    const name = (event.target as Element).closest<HTMLElement>("[data-field]")?.dataset.field;
    if (name) focus?.(name);
  };
  return (
    <fieldset class="fields" onFocusIn={tell}>
      <legend>{question}</legend>
      {fields.map((field) => (
        <Part key={`${question} ${field.name}`} field={field} isOnly={fields.length === 1} declared={wordOf(declared, field)} value={shownOf(field, declared, entered)} give={(value) => enter({ ...entered, [field.name]: value })} />
      ))}
    </fieldset>
  );
}

interface FieldProps {
  field: AskedField;
  isOnly: boolean;
  declared: Word;
  value: Word;
  give: (value: Word) => void;
}

/** A field that the model decided stands as it is, until somebody says that they want to change it. */
function Part(props: FieldProps) {
  const { field, declared, value } = props;
  const [isOpen, open] = useState(false);
  const said = text.value.review;
  if (!field.is_automatic || isOpen || String(value) !== String(declared)) return <Field {...props} />;
  return (
    <div class="decided-part" data-field={field.name}>
      <span>{field.title}</span> <output>{(Array.isArray(declared) ? declared.join(", ") : declared) || said.noSuchField}</output> <span class="note">{said.decidedByModel}</span>{" "}
      <button type="button" onClick={() => open(true)} aria-label={said.changePart(field.title)}>
        {said.change}
      </button>
    </div>
  );
}

function Field({ field, isOnly, declared, value, give }: FieldProps) {
  if (field.type === "choices") return <Choices field={field} isOnly={isOnly} declared={declared as string[]} chosen={value as string[]} give={give} />;
  return (
    <label data-field={field.name}>
      {field.title}
      <Bounds field={field} />
      <Entry field={field} value={String(value)} give={give} />
      <Changed field={field} declared={String(declared)} value={String(value)} />
    </label>
  );
}

/** The bounds and the unit of a number, in words. */
function Bounds({ field }: { field: AskedField }) {
  const words = text.value.review.bounds(field.min ?? null, field.max ?? null, field.unit ?? "");
  return field.type === "number" && words ? <span class="note"> {words}</span> : null;
}

function Changed({ field, declared, value }: { field: AskedField; declared: string; value: string }) {
  const said = text.value.review;
  if (declared === "" || value === declared) return null;
  if (field.type === "long_text") return <WordDiff before={declared} after={value} label={said.changes} />;
  return (
    <span class="note">
      <del>{declared}</del> → <ins>{value || said.noSuchField}</ins>
    </span>
  );
}

function Entry({ field, value, give }: { field: AskedField; value: string; give: (value: string) => void }) {
  const said = text.value.review;
  if (field.type === "long_text") return <textarea class="long" maxLength={field.max_chars} value={value} onInput={(event) => give(event.currentTarget.value)} />;
  if (field.type === "date") return <input type="date" value={value} onInput={(event) => give(event.currentTarget.value)} />;
  if (field.type !== "choice") return <input type="text" inputMode={field.type === "text" ? "text" : "decimal"} value={value} onInput={(event) => give(event.currentTarget.value)} />;
  return (
    <select value={value} onChange={(event) => give(event.currentTarget.value)}>
      <option value="">{said.noSuchField}</option>
      {field.values.map((each) => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </select>
  );
}

interface ChoicesProps {
  field: AskedField;
  isOnly: boolean;
  declared: string[];
  chosen: string[];
  give: (value: string[]) => void;
}

/** Any number of the values; the digits switch them where the answer is this one field. What was declared is named, not marked by
 * colour alone. */
function Choices({ field, isOnly, declared, chosen, give }: ChoicesProps) {
  const said = text.value.review;
  return (
    <fieldset data-field={field.name}>
      <legend class="note">{said.choices(field.least ?? 0, field.most ?? null)}</legend>
      <div class="labels words">
        {field.values.map((value, at) => (
          <label key={value} class={chosen.includes(value) ? "chosen" : undefined}>
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => give(toggled(field, chosen, value))} />
            <span>{value}</span>
            {declared.includes(value) === chosen.includes(value) || declared.length === 0 ? null : <span class="note">{declared.includes(value) ? said.taken : said.added}</span>}
            {isOnly && at < 9 ? <Kbd action={String(at + 1)} /> : null}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The choices with `value` switched, in the order of the task's file. */
export function toggled(field: AskedField, chosen: string[], value: string): string[] {
  const isOn = !chosen.includes(value);
  return field.values.filter((each) => (each === value ? isOn : chosen.includes(each)));
}

/** The answer as it is sent: an empty field is one that the document does not have. */
export function valueOf(fields: AskedField[], declared: Declared, entered: Entered | null): Record<string, string | number | string[] | null> {
  return Object.fromEntries(fields.map((field) => [field.name, sentOf(field, shownOf(field, declared, entered))]));
}

/** What is added to a label, as it is sent: nothing of what was left as it was shown. Null where nothing was added. */
export function addedTo(fields: AskedField[], declared: Declared, entered: Entered | null): Record<string, string | number | string[] | null> | null {
  const changed = fields.filter((field) => String(shownOf(field, declared, entered)) !== String(wordOf(declared, field)));
  return changed.length > 0 ? valueOf(changed, declared, entered) : null;
}

function sentOf(field: AskedField, said: Word): string | number | string[] | null {
  if (Array.isArray(said)) return said.length > 0 || field.required ? said : null;
  const word = said.trim();
  if (word === "") return null;
  return field.type === "number" && Number.isFinite(Number(word)) ? Number(word) : word;
}

export function shownOf(field: AskedField, declared: Declared, entered: Entered | null): Word {
  return entered?.[field.name] ?? wordOf(declared, field);
}

function wordOf(declared: Declared, field: AskedField): Word {
  const value = declared?.[field.name];
  if (field.type === "choices") return Array.isArray(value) ? value.map(String) : [];
  return value === null || value === undefined ? "" : String(value);
}
