// The console: sign-in until somebody is, then the page that the address names.
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { Analytics } from "./pages/analytics";
import { Approvals } from "./pages/approvals";
import { Audit } from "./pages/audit";
import { Experiments } from "./pages/experiments";
import { Overview } from "./pages/overview";
import { Preferences } from "./pages/preferences";
import { Reviews } from "./pages/reviews";
import { SignIn } from "./pages/sign-in";
import { Workflows } from "./pages/workflows";
import { place } from "./router";
import { resume, who } from "./session";
import { Shell } from "./ui/shell";
import { Empty, Loading } from "./ui/states";

const PAGES: Record<string, () => preact.JSX.Element | null> = {
  overview: Overview,
  reviews: Reviews,
  approvals: Approvals,
  workflows: Workflows,
  experiments: Experiments,
  analytics: Analytics,
  audit: Audit,
  settings: Preferences,
};

function Console() {
  const page = place.value.page;
  useEffect(() => {
    document.title = `${page} · ray-hitl`;
  }, [page]);
  if (who.value === undefined) return <Loading />;
  if (who.value === null) return <SignIn />;
  const Page = PAGES[page];
  return <Shell>{Page ? <Page /> : <Empty>There is no page of this name.</Empty>}</Shell>;
}

const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  void resume();
  render(<Console />, root);
}
