// What is sealed, shown on the record: who asks says why, and the history keeps both. Hidden again by a press.
import { useState } from "preact/hooks";
import { post, type Json } from "../api";
import { text } from "../messages";
import { tell } from "../toast";
import { Ask } from "../ui/ask";

interface RevealProps {
  path: string;
  show: (clear: Json) => void;
  hide: () => void;
  isShown: boolean;
}

export function Reveal({ path, show, hide, isShown }: RevealProps) {
  const said = text.value.admin.reveal;
  const [isAsking, setAsking] = useState(false);
  const run = (reason: string) => {
    setAsking(false);
    post<Json>(path, { reason }).then(show, (error: Error) => tell(error.message, "error"));
  };
  return (
    <p class="buttons">
      <span class="hint">{said.hint}</span>
      <button type="button" onClick={() => (isShown ? hide() : setAsking(true))}>
        {isShown ? said.hide : said.show}
      </button>
      {isAsking ? <Ask title={said.title} label={said.why} button={said.show} run={run} close={() => setAsking(false)} /> : null}
    </p>
  );
}
