// The case was taken back, or somebody else has answered it: says what happened, keeps the draft.
import { Problem } from "../api";
import { Dialog } from "../ui/dialog";

export function LostLease({ error, hasDraft, goOn }: { error: Error; hasDraft: boolean; goOn: () => void }) {
  const isDecided = error instanceof Problem && error.slug.includes("decided");
  return (
    <Dialog title={isDecided ? "Somebody else has answered" : "The queue has taken this case back"} close={goOn}>
      <p role="alert">{error.message}</p>
      {hasDraft ? <p>Your draft is kept on this machine: it is there again if the case comes back to you.</p> : null}
      <p class="buttons">
        <button type="button" class="primary" autofocus onClick={goOn}>
          {isDecided ? "Next case" : "Claim again"}
        </button>
      </p>
    </Dialog>
  );
}
