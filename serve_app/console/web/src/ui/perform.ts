// A press that changes something: says what came of it, and has the page look again.
import { tell } from "../toast";

export function perform<T>(run: Promise<T>, said: string | ((answer: T) => string), after: () => void): void {
  run.then(
    (answer) => {
      tell(typeof said === "string" ? said : said(answer));
      after();
    },
    (error: Error) => tell(error.message, "error"),
  );
}
