// Der Text der Konsole auf Deutsch.
import type { Messages } from "../en";
import { admin, flows } from "./admin";
import { approvals, checks, model, policy } from "./approvals";
import { care } from "./care";
import { charts, quality } from "./charts";
import { inbox, palette } from "./inbox";
import { cases, operations } from "./operations";
import { policyForm } from "./policy-form";
import { review } from "./review";
import { shell, states } from "./shell";
import { tasks } from "./tasks";
import { terms } from "./terms";

export const de: Messages = { shell, states, approvals, checks, model, policy, policyForm, review, cases, operations, charts, quality, admin, flows, inbox, palette, care, tasks, terms };
