// A case shown as what it is: an image as an image, a row as fields with units, text as text. Never as markup.
import type { Json } from "../api";
import { text } from "../messages";
import { sentence } from "../format";
import { Facts, Tree } from "../ui/facts";
import { Verbatim } from "../ui/verbatim";
import { Fields } from "./fields";
import type { Input } from "./input";
import { Photo } from "./photo";
import { Picture } from "./picture";

export interface Payload {
  features: unknown;
  metadata?: Json | null;
}

/** `photo` is where the picture of the case is read, for those that have one. */
export function CaseView({ input, payload, photo }: { input: Input; payload: Payload; photo?: string | undefined }) {
  const metadata = Object.entries(payload.metadata ?? {});
  return (
    <>
      {input.kind === "image" && photo && hasPicture(payload.features) ? <Photo src={photo} /> : <Features input={input} features={payload.features} />}
      {metadata.length > 0 ? (
        <section>
          <h3>{text.value.review.metadata}</h3>
          <Facts rows={metadata.map(([name, value]) => [sentence(name), <Tree value={value} />])} />
        </section>
      ) : null}
    </>
  );
}

/** Not while it is sealed, nor once it was erased. */
function hasPicture(features: unknown): boolean {
  return features !== null && typeof features === "object" && "image" in features;
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
