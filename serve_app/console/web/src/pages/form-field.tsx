// One field of a form that a pipeline described: the field types of the documents, rendered by hand; the server checks.
import { useId } from "preact/hooks";
import { text } from "../messages";
import type { FormFieldSpec } from "./form-schema";

interface FieldProps {
  field: FormFieldSpec;
  value: unknown;
  isWrong: boolean;
  give: (value: unknown) => void;
}

export function FormField(props: FieldProps) {
  const { field } = props;
  const name = field.label;
  if (field.type === "checkbox") return <Tick {...props} name={name} />;
  if (field.type === "radio") return <Radios {...props} name={name} />;
  return (
    <label>
      {name}
      {field.isRequired ? ` ${text.value.flows.required2}` : ""}
      <Entry {...props} />
      {field.help ? <small>{field.help}</small> : null}
    </label>
  );
}

function Entry({ field, value, isWrong, give }: FieldProps) {
  const common = { required: field.isRequired, "aria-invalid": isWrong ? ("true" as const) : undefined };
  if (field.type === "textarea") return <textarea {...common} value={String(value ?? "")} onInput={(event) => give(event.currentTarget.value)} />;
  if (field.type === "number") return <input {...common} type="number" step="any" min={field.min} max={field.max} value={String(value ?? "")} onInput={(event) => give(event.currentTarget.value === "" ? undefined : Number(event.currentTarget.value))} />;
  if (field.type === "json") return <JsonEntry value={value} give={give} />;
  if (field.type === "select" || field.type === "multiselect") return <Choice field={field} value={value} give={give} />;
  return <input {...common} type="text" value={String(value ?? "")} onInput={(event) => give(event.currentTarget.value)} />;
}

function JsonEntry({ value, give }: { value: unknown; give: (value: unknown) => void }) {
  const enter = (text: string) => {
    try {
      give(JSON.parse(text));
    } catch {
      give(undefined);
    }
  };
  return <textarea class="code" value={value === undefined ? "" : JSON.stringify(value, null, 1)} onChange={(event) => enter(event.currentTarget.value)} />;
}

function Choice({ field, value, give }: { field: FormFieldSpec; value: unknown; give: (value: unknown) => void }) {
  const { options } = field;
  const isMany = field.type === "multiselect";
  const chosen = isMany ? (Array.isArray(value) ? value : []) : [value];
  const read = (select: HTMLSelectElement) => {
    const values = Array.from(select.selectedOptions, (option) => options[Number(option.value)]?.value);
    give(isMany ? values : values[0]);
  };
  return (
    <select multiple={isMany} onChange={(event) => read(event.currentTarget)}>
      {isMany ? null : <option value="">{text.value.flows.choose}</option>}
      {options.map((option, at) => (
        <option key={at} value={at} selected={chosen.includes(option.value)}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

function Radios({ field, value, give, name }: FieldProps & { name: string }) {
  const group = useId();
  return (
    <fieldset>
      <legend>{name}</legend>
      {field.options.map((option, at) => (
        <label key={at} class={value === option.value ? "chosen" : undefined}>
          <input type="radio" name={group} checked={value === option.value} onChange={() => give(option.value)} /> {option.label}
        </label>
      ))}
    </fieldset>
  );
}

function Tick({ value, give, name }: FieldProps & { name: string }) {
  return (
    <label class="tick">
      <input type="checkbox" checked={value === true} onChange={(event) => give(event.currentTarget.checked)} /> {name}
    </label>
  );
}
