// The answer that is a document's fields: what was declared, corrected in place.
import type { AskedField } from "../api-types";
import { text } from "../messages";

type Entered = Record<string, string>;
type Declared = Record<string, unknown> | null;

interface FieldsProps {
  question: string;
  fields: AskedField[];
  declared: Declared;
  entered: Entered | null;
  enter: (entered: Entered) => void;
}

export function Fields({ question, fields, declared, entered, enter }: FieldsProps) {
  return (
    <fieldset class="fields">
      <legend>{question}</legend>
      {fields.map((field) => (
        <Field key={field.name} field={field} declared={wordOf(declared, field)} value={shownOf(field, declared, entered)} give={(value) => enter({ ...entered, [field.name]: value })} />
      ))}
    </fieldset>
  );
}

function Field({ field, declared, value, give }: { field: AskedField; declared: string; value: string; give: (value: string) => void }) {
  const said = text.value.review;
  const isChanged = declared !== "" && value !== declared;
  return (
    <label>
      {field.title}
      {field.type === "choice" ? (
        <select value={value} onChange={(event) => give(event.currentTarget.value)}>
          <option value="">{said.noSuchField}</option>
          {field.values.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      ) : (
        <Entry type={field.type} value={value} give={give} />
      )}
      {isChanged ? (
        <span class="note">
          <del>{declared}</del> → <ins>{value || said.noSuchField}</ins>
        </span>
      ) : null}
    </label>
  );
}

function Entry({ type, value, give }: { type: string; value: string; give: (value: string) => void }) {
  if (type === "date") return <input type="date" value={value} onInput={(event) => give(event.currentTarget.value)} />;
  return <input type="text" inputMode={type === "text" ? "text" : "decimal"} value={value} onInput={(event) => give(event.currentTarget.value)} />;
}

/** The answer as it is sent: an empty field is one that the document does not have. */
export function valueOf(fields: AskedField[], declared: Declared, entered: Entered | null): Record<string, string | number | null> {
  return Object.fromEntries(fields.map((field) => [field.name, sentOf(field, shownOf(field, declared, entered).trim())]));
}

function sentOf(field: AskedField, word: string): string | number | null {
  if (word === "") return null;
  return field.type === "number" && Number.isFinite(Number(word)) ? Number(word) : word;
}

function shownOf(field: AskedField, declared: Declared, entered: Entered | null): string {
  return entered?.[field.name] ?? wordOf(declared, field);
}

function wordOf(declared: Declared, field: AskedField): string {
  const value = declared?.[field.name];
  return value === null || value === undefined ? "" : String(value);
}
