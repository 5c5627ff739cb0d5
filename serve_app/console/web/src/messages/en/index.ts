// All text of the console in English, by part. Other languages have the same shape.
import { approvals, checks, model, policy } from "./approvals";
import { care } from "./care";
import { cases } from "./cases";
import { charts, quality } from "./charts";
import { admin, flows } from "./admin";
import { inbox, palette } from "./inbox";
import { operations } from "./operations";
import { policyForm } from "./policy-form";
import { review } from "./review";
import { shell, states } from "./shell";
import { tasks } from "./tasks";
import { terms } from "./terms";

export const en = { shell, states, approvals, checks, model, policy, policyForm, review, cases, operations, charts, quality, admin, flows, inbox, palette, care, tasks, terms };

export type Messages = typeof en;
