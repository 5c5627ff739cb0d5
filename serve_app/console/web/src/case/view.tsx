// A case shown as what it is: an image as an image, a row as fields with units, text as text. Never as markup.
import type { Json } from "../api";
import type { JudgedContent } from "../api-types";
import { text } from "../messages";
import { sentence } from "../format";
import { Facts, Tree } from "../ui/facts";
import { Verbatim } from "../ui/verbatim";
import type { Places } from "./boxes";
import { Chat, messagesOf } from "./chat";
import { without } from "./contents";
import { Fields } from "./fields";
import type { Input } from "./input";
import { Judged } from "./judged";
import { Photo } from "./photo";
import { Picture } from "./picture";
import { Recording } from "./recording";

export interface Payload {
  features: unknown;
  metadata?: Json | null;
}

const NO_CONTENTS: JudgedContent[] = [];
const NO_PLACES: Places = { places: [], focused: null };

/** `contents` are what the answer is about: they stand apart, or are marked where they are messages. `review` is the address of the
 * review of the case, under which its file is read where it has one; `places` are where the fields of a document were read. */
export function CaseView({ input, payload, contents = NO_CONTENTS, review, places = NO_PLACES }: { input: Input; payload: Payload; contents?: JudgedContent[]; review?: string | undefined; places?: Places }) {
  const metadata = Object.entries(payload.metadata ?? {});
  return (
    <>
      <Whole input={input} features={payload.features} contents={contents} review={review} places={places} />
      {metadata.length > 0 ? (
        <section>
          <h3>{text.value.review.metadata}</h3>
          <Facts rows={metadata.map(([name, value]) => [sentence(name), <Tree value={value} />])} />
        </section>
      ) : null}
    </>
  );
}

const FILE_KINDS = ["image", "document", "audio"];

interface FileHandle {
  pages?: number;
  duration_ms?: number;
}

/** The file of a case, to see or to hear; else its features. */
function Whole({ input, features, contents, review, places }: { input: Input; features: unknown; contents: JudgedContent[]; review: string | undefined; places: Places }) {
  const file = fileOf(input, features);
  if (!review || !file) return <Features input={input} features={features} contents={contents} />;
  if (input.kind === "audio") return <Recording src={`${review}/sound`} wave={`${review}/image`} seconds={(file.duration_ms ?? 0) / 1000} />;
  return <Photo src={`${review}/image`} pages={file.pages ?? 1} places={places} />;
}

/** Nothing where a case has no file, while it is sealed, and once it was erased. */
function fileOf(input: Input, features: unknown): FileHandle | undefined {
  if (!FILE_KINDS.includes(input.kind) || features === null || typeof features !== "object") return undefined;
  return (features as Record<string, FileHandle | undefined>)[input.kind];
}

function Features({ input, features, contents }: { input: Input; features: unknown; contents: JudgedContent[] }) {
  const messages = input.kind === "chat" ? messagesOf(features) : null;
  if (messages) return <Chat messages={messages} judged={messagesAt(contents, messages.length)} />;
  if (contents.length > 0 && typeof features !== "string") {
    return (
      <>
        <Features input={input} features={without(features, contents.map((content) => content.path))} contents={NO_CONTENTS} />
        <Judged features={features} contents={contents} />
      </>
    );
  }
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

/** The messages that `contents` are about, by their place: a negative one counts from the end. */
function messagesAt(contents: JudgedContent[], count: number): number[] {
  return contents.map((content) => Number(/^\/messages\/(-?[0-9]+)\//.exec(content.path)?.[1])).map((at) => (at < 0 ? count + at : at));
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
