// A row of a table as named values with their units; where a value stands in its allowed range, so that what is odd is seen.
import type { Json } from "../api";
import { figure } from "../format";
import { Table } from "../ui/table";

const EDGE = 0.1;

export function Fields({ fields, values }: { fields: Json[]; values: Json }) {
  const rows = fields.map((field) => ({ field, value: values[field.name] }));
  const unusual = rows.filter((row) => note(row.field, row.value) !== "");
  return (
    <>
      {unusual.length > 0 ? <p>{unusual.length} of {rows.length} values are near an end of their range.</p> : null}
      <Table
        caption="Fields of the case"
        rows={[...unusual, ...rows.filter((row) => !unusual.includes(row))]}
        columns={[
          { title: "field", show: (row) => row.field.name, value: (row) => row.field.name },
          { title: "value", show: (row) => <Value field={row.field} value={row.value} />, value: (row) => row.value, isNumber: true },
          { title: "note", show: (row) => note(row.field, row.value), value: (row) => note(row.field, row.value) },
        ]}
      />
    </>
  );
}

function Value({ field, value }: { field: Json; value: unknown }) {
  if (typeof value !== "number") return <>{String(value ?? "–")}</>;
  return (
    <>
      {figure(value, 4)} {field.unit ?? ""}
    </>
  );
}

/** What is odd about a value, in words; nothing for most. */
function note(field: Json, value: unknown): string {
  if (typeof value !== "number" || typeof field.min !== "number" || typeof field.max !== "number") return "";
  const share = (value - field.min) / Math.max(field.max - field.min, Number.EPSILON);
  if (share > 1 - EDGE) return "near the top of its range";
  return share < EDGE / 10 && value !== field.min ? "near the bottom of its range" : "";
}
