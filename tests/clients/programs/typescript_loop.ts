// A person's answer to a program's question, and a claimed review, by the TypeScript client alone. It is compiled strictly before it runs.
import { Client, Problem, Unreachable, type InteractionView, type ReviewAtHand } from "ray-hitl-client";

declare const process: { argv: string[] };

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function refused(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(
    () => null,
    (found: unknown) => found,
  );
  check(error instanceof Problem, `no problem but ${String(error)}`);
  return error;
}

const url = process.argv[2] ?? "";
const as = (key: string, more: { fetch?: typeof fetch; tries?: number; trace?: () => Record<string, string> } = {}) => new Client({ url, key, ...more });
const program = as("client");
const person = as("reviewer");

// A question is opened once, however often it is sent under one key, and a person's answer is read back.
const question = { pattern: "review_and_approve", config: { assignees: ["reviewer"] }, data: { generated_content: "A text." } };
const opened = await program.act("POST /v1/interactions", {}, question, "question");
check((await program.act("POST /v1/interactions", {}, question, "question")).interaction_id === opened.interaction_id, "asked twice");
const { interactions } = await person.read("/v1/interactions/pending", {});
check(interactions.length === 1 && interactions[0]?.interaction_id === opened.interaction_id, "the question is not there once");
const named = { interaction_id: opened.interaction_id };
await person.act("POST /v1/interactions/{interaction_id}/answer", named, { user_input: { decision: "approve" } });
const seen: InteractionView = await program.read("/v1/interactions/{interaction_id}", named);
check(seen.status === "completed", `the question is ${seen.status}`);

// A change whose answer is lost on the way is repeated under its key, and takes effect once.
let lost = 0;
const losing: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  if (lost++ > 0) return answer;
  await answer.text();
  throw new TypeError("the line broke");
};
const again = await as("client", { fetch: losing }).act("POST /v1/interactions", {}, question);
check(lost === 2, `sent ${lost} times`);
const open = await person.read("/v1/interactions/pending", {});
check(open.interactions.length === 1 && open.interactions[0]?.interaction_id === again.interaction_id, "opened twice");

// A review is claimed and decided; then nothing is left to claim, which is an answer without a body.
const claimed = await person.act("POST /v1/queues/{queue}/claim", { queue: "digits" });
check(claimed !== undefined && claimed.review.lease !== null, "no review to claim");
const review: ReviewAtHand = claimed.review;
const decision = { lease: claimed.review.lease.id, label: "7" };
const decided = await person.act("POST /v1/reviews/{review_id}/decision", { review_id: review.review_id }, decision, "decision");
check("label" in decided && decided.label === "7", "not decided");
check((await person.act("POST /v1/queues/{queue}/claim", { queue: "digits" })) === undefined, "claimed twice");

// Each request says to which trace it belongs, as the program tells at that moment.
const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
let told: string | null = null;
const listening: typeof fetch = (input, init) => {
  told = new Headers(init?.headers).get("traceparent");
  return fetch(input, init);
};
await as("client", { fetch: listening, trace: () => ({ traceparent }) }).read("/v1/interactions/pending", {});
check(told === traceparent, `the trace is ${String(told)}`);

// Refusals are problems with their words, sent once; a service that is away is named as such.
const stranger = await refused(as("nobody").read("/v1/interactions/pending", {}));
check(stranger.status === 401, `a stranger gets ${stranger.status}: ${stranger.message}`);
const missing = await refused(program.read("/v1/interactions/{interaction_id}", { interaction_id: "no/thing" }));
check(missing.status === 404 && missing.message !== "", "found nothing");
const away = await new Client({ url: "http://127.0.0.1:9", key: "client", tries: 1 }).read("/v1/tasks", {}).catch((found: unknown) => found);
check(away instanceof Unreachable, "somebody is there");

// What the document does not have is an error of the compiler.
export const wrong = [
  // @ts-expect-error No such route.
  () => program.read("/v1/nothing", {}),
  // @ts-expect-error The path needs a name.
  () => program.read("/v1/interactions/{interaction_id}", {}),
  // @ts-expect-error The body needs its lease.
  () => person.act("POST /v1/reviews/{review_id}/decision", { review_id: "r" }, { label: "7" }),
  // @ts-expect-error An answer of another route has other fields.
  async () => (await program.read("/v1/tasks", {})).interactions,
];
console.log("looped");
