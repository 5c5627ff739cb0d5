// Beside the answer: give the case to a named person, send it back to the reviewers, or report that it cannot be shown.
import { useState } from "preact/hooks";
import { act } from "../api";
import { text } from "../messages";
import { Ask } from "../ui/ask";

interface HandOnProps {
  reviewId: string;
  lease: number;
  /** Of an expert: where the case came from reviewers. */
  isSentBack: boolean;
  send: (run: () => Promise<unknown>, what: string) => void;
  isBusy: boolean;
}

type Asked = "delegate" | "sendBack" | "failure";

/** A plain name is a person's. */
function targetOf(said: string): string {
  return said.includes(":") ? said : `person:${said}`;
}

export function HandOn({ reviewId, lease, isSentBack, send, isBusy }: HandOnProps) {
  const said = text.value.care.handOn;
  const [asks, setAsks] = useState<Asked | null>(null);
  const id = { review_id: reviewId };
  const close = () => setAsks(null);
  const button = (what: Asked) => (
    <button type="button" class="quiet" disabled={isBusy} onClick={() => setAsks(what)}>
      {said[what]}
    </button>
  );
  const delegate = (to: string) => (close(), send(() => act("POST /v1/reviews/{review_id}/delegate", id, { lease, to: targetOf(to) }), said.delegated(to)));
  const sendBack = (reason: string) => (close(), send(() => act("POST /v1/reviews/{review_id}/send-back", id, { lease, reason }), said.sentBack));
  const report = (detail: string) => (close(), send(() => act("POST /v1/reviews/{review_id}/failure", id, { lease, kind: "render", detail }), said.reported));
  return (
    <section>
      <details>
        <summary>{said.title}</summary>
        <p class="buttons">
          {button("delegate")}
          {isSentBack ? button("sendBack") : null}
          {button("failure")}
        </p>
      </details>
      {asks === "delegate" ? <Ask title={said.delegate} label={said.delegateTo} button={said.delegate} run={delegate} close={close} /> : null}
      {asks === "sendBack" ? <Ask title={said.sendBack} label={text.value.care.reason} button={said.sendBack} run={sendBack} close={close} /> : null}
      {asks === "failure" ? <Ask title={said.failure} label={said.failureWhy} button={said.failure} run={report} close={close} /> : null}
    </section>
  );
}
