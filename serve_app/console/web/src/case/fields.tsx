// A row of a table as named values with their units, each where it stands in its allowed range, so that what is odd is seen.
import type { Json } from "../api";
import { figure, sentence } from "../format";
import { text } from "../messages";
import { Chip } from "../ui/chip";
import { Verbatim } from "../ui/verbatim";
import type { InputField } from "./input";

const EDGE = 0.1;

export function Fields({ fields, values }: { fields: InputField[]; values: Json }) {
  const said = text.value.review;
  const declared = fields.map((field) => ({ field, value: values[field.name] }));
  const others = Object.keys(values).filter((name) => !fields.some((field) => field.name === name));
  const rows = [...declared, ...others.map((name) => ({ field: { name } as InputField, value: values[name] }))];
  const unusual = rows.filter((row) => note(row.field, row.value) !== "");
  return (
    <>
      {unusual.length > 0 ? (
        <p>
          <Chip tone="warn">{said.unusual(unusual.length)}</Chip>
        </p>
      ) : null}
      <dl class="values" aria-label={said.fields}>
        {[...unusual, ...rows.filter((row) => !unusual.includes(row))].map(({ field, value }) => (
          <div key={field.name} class={note(field, value) ? "odd" : undefined}>
            <dt>{field.title ?? sentence(field.name)}</dt>
            <dd>
              <Value field={field} value={value} />
              <Range field={field} value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Value({ field, value }: { field: InputField; value: unknown }) {
  if (value === null || value === undefined) return <span class="note">{text.value.review.missing}</span>;
  if (typeof value === "number") {
    return (
      <>
        {figure(value, 4)} {field.unit ?? ""}
        {note(field, value) ? <small> · {note(field, value)}</small> : null}
      </>
    );
  }
  return <Verbatim>{typeof value === "string" ? value : JSON.stringify(value)}</Verbatim>;
}

function shareOf(field: InputField, value: unknown): number | null {
  if (typeof value !== "number" || typeof field.min !== "number" || typeof field.max !== "number") return null;
  return (value - field.min) / Math.max(field.max - field.min, Number.EPSILON);
}

/** Where the value stands between the least and the most that are allowed. */
function Range({ field, value }: { field: InputField; value: unknown }) {
  const share = shareOf(field, value);
  if (share === null) return null;
  return (
    <svg class="range-line" viewBox="0 0 100 8" width="160" height="8" preserveAspectRatio="none" role="img" aria-label={`${figure(field.min, 2)} – ${figure(field.max, 2)}`}>
      <title>{`${figure(field.min, 2)} – ${figure(field.max, 2)}`}</title>
      <rect x="0" y="3" width="100" height="2" rx="1" class="track" />
      <rect x={Math.min(97, Math.max(0, 100 * share - 1.5))} y="0" width="3" height="8" rx="1" class="thumb" />
    </svg>
  );
}

/** What is odd about a value, in words; nothing for most. */
function note(field: InputField, value: unknown): string {
  const share = shareOf(field, value);
  if (share === null) return "";
  if (share > 1 - EDGE) return text.value.review.nearTop;
  return share < EDGE / 10 && value !== field.min ? text.value.review.nearBottom : "";
}
