// Der Text der Konsole auf Deutsch. Was noch nicht übersetzt ist, steht englisch da.
import { en, type Messages } from "../en";
import { inbox, palette } from "./inbox";
import { cases, operations } from "./operations";
import { review } from "./review";
import { shell, states } from "./shell";

export const de: Messages = { ...en, shell, states, review, inbox, palette, cases, operations };
