// The case was taken back, or somebody else has answered it: says what happened, keeps the draft.
import { Problem } from "../api";
import { text } from "../messages";
import { Dialog } from "../ui/dialog";

export function LostLease({ error, hasDraft, goOn }: { error: Error; hasDraft: boolean; goOn: () => void }) {
  const said = text.value.review;
  const isDecided = error instanceof Problem && error.slug.includes("decided");
  return (
    <Dialog title={isDecided ? said.lost.decided : said.lost.taken} close={goOn}>
      <p role="alert">{error.message}</p>
      {hasDraft ? <p>{said.lost.kept}</p> : null}
      <p class="buttons">
        <button type="button" class="primary" autofocus onClick={goOn}>
          {isDecided ? said.goOn : said.lost.claim}
        </button>
      </p>
    </Dialog>
  );
}
