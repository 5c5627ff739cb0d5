// A conversation as one: who said what, in order. What people judge is marked by words, not by colour alone.
import { text } from "../messages";
import { Verbatim } from "../ui/verbatim";

interface Message {
  role: string;
  content: string;
}

export function messagesOf(features: unknown): Message[] | null {
  const found = (features as { messages?: unknown } | null)?.messages;
  return Array.isArray(found) && found.every((each) => typeof each?.content === "string" && typeof each?.role === "string") ? (found as Message[]) : null;
}

/** `judged` are the places in `messages` of those that the answer is about. */
export function Chat({ messages, judged }: { messages: Message[]; judged: number[] }) {
  const said = text.value.review;
  return (
    <ol class="chat" aria-label={said.chat}>
      {messages.map((message, at) => (
        <li key={at} class={`${message.role}${judged.includes(at) ? " judged" : ""}`}>
          <p class="note">
            {said.roles[message.role] ?? message.role}
            {judged.includes(at) ? <strong>{said.judged}</strong> : null}
          </p>
          <p class="text">
            <Verbatim>{message.content}</Verbatim>
          </p>
        </li>
      ))}
    </ol>
  );
}
