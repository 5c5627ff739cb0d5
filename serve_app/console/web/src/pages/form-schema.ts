// A form as a pipeline described it: free JSON, read field by field.
import { at, listAt, numberAt, textAt } from "./approval/evidence";

export interface FormOption {
  label: string;
  value: unknown;
}

export interface FormFieldSpec {
  name: string;
  label: string;
  type: string;
  isRequired: boolean;
  help: string | null;
  min: number | undefined;
  max: number | undefined;
  options: FormOption[];
  default: unknown;
}

export function fieldsOf(schema: unknown): FormFieldSpec[] {
  return listAt(schema, "fields").flatMap((field) => {
    const name = textAt(field, "name");
    if (name === null) return [];
    return [
      {
        name,
        label: textAt(field, "label") ?? name,
        type: textAt(field, "type") ?? "text",
        isRequired: at(field, "required") === true,
        help: textAt(field, "help"),
        min: numberAt(field, "min") ?? undefined,
        max: numberAt(field, "max") ?? undefined,
        options: listAt(field, "options").map(optionOf),
        default: at(field, "default"),
      },
    ];
  });
}

function optionOf(option: unknown): FormOption {
  if (option === null || typeof option !== "object") return { label: String(option), value: option };
  const value = at(option, "value");
  return { label: textAt(option, "label") ?? String(value), value };
}
