// A case shown as what it is: an image as an image, a row as fields with units, text as text. Never as markup.
import type { Json } from "../api";
import { Facts, Tree } from "../ui/facts";
import { Fields } from "./fields";
import { Picture } from "./picture";

export interface Input {
  kind: "vector" | "fields" | "text" | "record";
  size?: number;
  min?: number;
  max?: number;
  shape?: [number, number] | null;
  fields?: Json[];
}

export function CaseView({ input, payload }: { input: Input; payload: { features: unknown; metadata?: Json | null } }) {
  return (
    <>
      <Features input={input} features={payload.features} />
      {payload.metadata && Object.keys(payload.metadata).length > 0 ? (
        <section>
          <h3>Beside it</h3>
          <Facts rows={Object.entries(payload.metadata).map(([name, value]) => [name, String(value)])} />
        </section>
      ) : null}
    </>
  );
}

function Features({ input, features }: { input: Input; features: unknown }) {
  if (input.kind === "vector" && input.shape && Array.isArray(features)) {
    return <Picture pixels={features as number[]} shape={input.shape} low={input.min ?? 0} high={input.max ?? 1} />;
  }
  if (input.kind === "fields" && features !== null && typeof features === "object") {
    return <Fields fields={input.fields ?? []} values={features as Json} />;
  }
  if (typeof features === "string") return <p class="text">{features}</p>;
  if (input.kind === "text" && features !== null && typeof features === "object") {
    return (
      <>
        {Object.entries(features as Json).map(([name, value]) => (
          <section key={name}>
            <h3>{name}</h3>
            <p class="text">{String(value)}</p>
          </section>
        ))}
      </>
    );
  }
  return <Tree value={features} />;
}

/** What the service puts in place of a sealed value. */
const MASK = "***";

export function isMasked(payload: unknown): boolean {
  if (payload === MASK) return true;
  return payload !== null && typeof payload === "object" && Object.values(payload).some(isMasked);
}
