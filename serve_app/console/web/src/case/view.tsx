// A case shown as what it is: an image as an image, a row as fields with units, text as text. Never as markup.
import type { Json } from "../api";
import { text } from "../messages";
import { sentence } from "../format";
import { Facts, Tree } from "../ui/facts";
import { Verbatim } from "../ui/verbatim";
import { Fields } from "./fields";
import type { Input } from "./input";
import { Picture } from "./picture";

export interface Payload {
  features: unknown;
  metadata?: Json | null;
}

export function CaseView({ input, payload }: { input: Input; payload: Payload }) {
  const metadata = Object.entries(payload.metadata ?? {});
  return (
    <>
      <Features input={input} features={payload.features} />
      {metadata.length > 0 ? (
        <section>
          <h3>{text.value.review.metadata}</h3>
          <Facts rows={metadata.map(([name, value]) => [sentence(name), <Tree value={value} />])} />
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
    return <Fields fields={input.fields} values={features as Json} />;
  }
  if (typeof features === "string") return <Prose said={features} />;
  if (input.kind === "text" && features !== null && typeof features === "object") {
    return (
      <>
        {Object.entries(features).map(([name, value]) => (
          <section key={name}>
            <h3>{sentence(name)}</h3>
            <Prose said={String(value)} />
          </section>
        ))}
      </>
    );
  }
  return <Tree value={features} />;
}

function Prose({ said }: { said: string }) {
  return (
    <p class="text lead">
      <Verbatim>{said}</Verbatim>
    </p>
  );
}

/** What the service puts in place of a sealed value. */
const MASK = "***";

export function isMasked(payload: unknown): boolean {
  if (payload === MASK) return true;
  return payload !== null && typeof payload === "object" && Object.values(payload).some(isMasked);
}
