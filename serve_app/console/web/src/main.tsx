// The console: sign-in until somebody is, then the page that the address names. Pages beside the reviewer's come when they are opened.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { text } from "./messages";
import { Overview } from "./pages/overview";
import { Reviews } from "./pages/reviews";
import { SignIn } from "./pages/sign-in";
import { href, place } from "./router";
import { resume, who } from "./session";
import { Shell } from "./ui/shell";
import { Empty, Failure, Loading } from "./ui/states";

type Page = () => preact.JSX.Element | null;

const PAGES: Record<string, Page> = {
  overview: Overview,
  reviews: Reviews,
};

const LATER: Record<string, () => Promise<Page>> = {
  inbox: () => import("./pages/inbox").then((found) => found.Inbox),
  cases: () => import("./pages/cases").then((found) => found.Cases),
  approvals: () => import("./pages/approvals").then((found) => found.Approvals),
  workflows: () => import("./pages/workflows").then((found) => found.Workflows),
  models: () => import("./pages/models").then((found) => found.Models),
  analytics: () => import("./pages/analytics").then((found) => found.Analytics),
  policies: () => import("./pages/policies").then((found) => found.Policies),
  staffing: () => import("./pages/staffing").then((found) => found.Staffing),
  overrides: () => import("./pages/overrides").then((found) => found.Overrides),
  outbox: () => import("./pages/outbox").then((found) => found.Outbox),
  retention: () => import("./pages/retention").then((found) => found.Retention),
  tasks: () => import("./pages/tasks").then((found) => found.Tasks),
  "new-task": () => import("./pages/new-task").then((found) => found.NewTask),
  audit: () => import("./pages/audit").then((found) => found.Audit),
  people: () => import("./pages/people").then((found) => found.People),
  console: () => import("./stories/components").then((found) => found.Components),
  settings: () => import("./pages/preferences").then((found) => found.Preferences),
};

function Console() {
  const { page } = place.value;
  if (who.value === undefined) return <Loading />;
  if (who.value === null) return <SignIn />;
  const Ready = PAGES[page];
  return <Shell>{Ready ? <Ready /> : page in LATER ? <Later key={page} page={page} /> : <Unknown />}</Shell>;
}

function Unknown() {
  return (
    <Empty>
      <p>{text.value.shell.noPage}</p>
      <a class="button" href={href("overview")}>
        {text.value.shell.toOverview}
      </a>
    </Empty>
  );
}

function Later({ page }: { page: string }) {
  const [found, setFound] = useState<{ Shown: Page } | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const load = () => {
    setError(null);
    LATER[page]?.().then((Shown) => setFound({ Shown }), setError);
  };
  useEffect(load, [page]);
  if (error) return <Failure error={error} again={load} />;
  return found ? <found.Shown /> : <Loading />;
}

const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  void resume();
  render(<Console />, root);
}
