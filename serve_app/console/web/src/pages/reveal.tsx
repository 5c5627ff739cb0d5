// What is sealed, shown on the record: who asks says why, and the history keeps both. Hidden again by a press.
import { useState } from "preact/hooks";
import { post, type Json } from "../api";
import { tell } from "../toast";
import { Ask } from "../ui/ask";

interface RevealProps {
  path: string;
  show: (clear: Json) => void;
  hide: () => void;
  isShown: boolean;
}

export function Reveal({ path, show, hide, isShown }: RevealProps) {
  const [isAsking, setAsking] = useState(false);
  const run = (reason: string) => {
    setAsking(false);
    post<Json>(path, { reason }).then(show, (error: Error) => tell(error.message, "error"));
  };
  return (
    <p class="buttons">
      <span>Parts are sealed. Seeing them is recorded with your name and reason.</span>
      <button type="button" onClick={() => (isShown ? hide() : setAsking(true))}>
        {isShown ? "Hide them again" : "Reveal"}
      </button>
      {isAsking ? <Ask title="Reveal what is sealed" label="Why" button="Reveal" run={run} close={() => setAsking(false)} /> : null}
    </p>
  );
}
