// What stands in place of a file that could not be had, with a button to try again.
import { text } from "../messages";

export function Retry({ failed, again }: { failed: string; again: () => void }) {
  return (
    <p class="notice warning" role="alert">
      {failed}{" "}
      <button type="button" onClick={again}>
        {text.value.review.again}
      </button>
    </p>
  );
}
