// What a notification says and where it leads: a name of the code as words, no empty part, "over" where an alert is over.
import type { Notice, OpenAlert } from "../api-types";
import { figure, sentence, span } from "../format";
import { text } from "../messages";
import { href } from "../router";

/** Alerts whose key is the request that waits. */
const OF_REQUESTS = ["approvalTimeouts"];
/** Alerts on how long something has waited, in seconds; the others count. */
const OF_TIMES = ["approvalTimeouts"];
const CODE_NAME = /^[a-z]+(?:[A-Z][a-z]+)+(?=:|$)/;

/** The title without the place of a task that the thing has not, and with an alert's name in words. */
export function titleOfNotice({ title, kind }: Pick<Notice, "title" | "kind">): string {
  const said = title.replace(/^[:,\s]+/, "").replace(CODE_NAME, (name) => sentence(name));
  return kind === "alert.resolved" ? text.value.operations.over(said) : said;
}

/** What an alert found, with its unit. */
export function valueOfAlert({ rule, value }: Pick<OpenAlert, "rule" | "value">): string {
  return OF_TIMES.includes(rule) ? span(value) : figure(value);
}

/** The page about what the notice tells of. */
export function linkOf({ data }: Pick<Notice, "data">): string | null {
  const { approval_id, interaction_id, workflow_id, case_id, task, alert, key } = data as Record<string, unknown>;
  if (typeof approval_id === "string") return href("approvals", [approval_id]);
  if (typeof interaction_id === "string") return href("workflows", [interaction_id]);
  if (typeof workflow_id === "string") return href("workflows", [workflow_id, "flow"]);
  if (typeof case_id === "string") return href("cases", [case_id]);
  if (OF_REQUESTS.includes(String(alert)) && typeof key === "string") return href("approvals", [key]);
  return typeof task === "string" && task !== "" ? href("models", [task]) : null;
}

/** One thing that was told to a person and to their role stands once. */
export function onceEach(notices: Notice[]): Notice[] {
  const seen = new Set<string>();
  return notices.filter((notice) => (seen.has(thingOf(notice)) ? false : seen.add(thingOf(notice)) !== undefined));
}

/** The ids of all that tell the same as `notice`: who has read one of them has read them all. */
export function tellingOf(notice: Notice, notices: Notice[]): string[] {
  return notices.filter((each) => thingOf(each) === thingOf(notice)).map((each) => each.id);
}

/** How many things are unread, of `unread` notices: as many as `onceEach` leaves. */
export function unreadOnce(unread: number, notices: Notice[]): number {
  const news = notices.filter((notice) => !notice.is_read);
  return unread - (news.length - onceEach(news).length);
}

function thingOf(notice: Notice): string {
  return `${notice.kind} ${notice.title} ${Math.round(notice.at)}`;
}
