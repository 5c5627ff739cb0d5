// How a task declares its input, as far as the console shows it: the form of a task file is free JSON here.

export interface InputField {
  name: string;
  title?: string;
  unit?: string;
  min?: number;
  max?: number;
  values?: unknown[];
}

export interface Input {
  kind: string;
  min?: number;
  max?: number;
  shape?: [number, number] | null;
  fields: InputField[];
}

export function inputOf(found: Record<string, unknown>): Input {
  const fields = Array.isArray(found.fields) ? found.fields.filter((each): each is InputField => each !== null && typeof each === "object" && typeof (each as InputField).name === "string") : [];
  const shape = Array.isArray(found.shape) && found.shape.length === 2 ? (found.shape as [number, number]) : null;
  const input: Input = { kind: String(found.kind), shape, fields };
  if (typeof found.min === "number") input.min = found.min;
  if (typeof found.max === "number") input.max = found.max;
  return input;
}
