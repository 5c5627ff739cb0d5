// The frame around every page: who, where, how connected; the tabs; the sheet of keys; messages.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { GO_TO, isTyping, pressed, useKeys } from "../keys";
import { link } from "../live/live";
import { go, href, place } from "../router";
import { hasRole, signOut, who } from "../session";
import { change, settings } from "../settings";
import { toasts } from "../toast";
import { Shortcuts } from "./shortcuts";

const TABS: { page: string; title: string; roles?: string[] }[] = [
  { page: "overview", title: "Overview" },
  { page: "reviews", title: "Reviews" },
  { page: "approvals", title: "Approvals" },
  { page: "workflows", title: "Workflows" },
  { page: "experiments", title: "Experiments" },
  { page: "analytics", title: "Analytics" },
  { page: "audit", title: "Audit", roles: ["operator", "approver"] },
  { page: "settings", title: "Settings" },
];

const LINKS = { live: "● live", polling: "◐ polling", offline: "■ offline" };
const CHORD_MS = 1500;

export function Shell({ children }: { children: ComponentChildren }) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  useKeys({ help: () => setHelpOpen(true) });
  useGoTo();
  const here = place.value.page;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => skip(event)}>
        Skip to the content
      </a>
      <header>
        <strong class="brand">ray-hitl</strong>
        <nav aria-label="Pages">
          {TABS.filter((tab) => !tab.roles || hasRole(...tab.roles)).map((tab) => (
            <a key={tab.page} href={href(tab.page)} aria-current={tab.page === here ? "page" : undefined}>
              {tab.title}
            </a>
          ))}
        </nav>
        <div class="tools">
          <span class={`link ${link.value}`} role="status">
            {LINKS[link.value]}
          </span>
          <button type="button" class="quiet" onClick={nextTheme} aria-label={`Theme: ${settings.value.theme}. Change it`}>
            {settings.value.theme}
          </button>
          <button type="button" class="quiet" onClick={() => setHelpOpen(true)} aria-label="Keys" aria-keyshortcuts="?">
            <kbd>?</kbd>
          </button>
          <span class="who">{who.value?.id}</span>
          <button type="button" class="quiet" onClick={() => void signOut()}>
            Sign out
          </button>
        </div>
      </header>
      {link.value === "offline" ? (
        <p class="notice warning" role="alert">
          Offline. Drafts are kept; deciding waits until the service answers.
        </p>
      ) : null}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Toasts />
      {isHelpOpen ? <Shortcuts close={() => setHelpOpen(false)} /> : null}
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function nextTheme(): void {
  const order = ["auto", "light", "dark"] as const;
  change({ theme: order[(order.indexOf(settings.value.theme) + 1) % order.length] ?? "auto" });
}

function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <p key={toast.id} class={`toast ${toast.tone}`}>
          {toast.text}{" "}
          {toast.action ? (
            <button type="button" onClick={toast.action.run}>
              {toast.action.label}
            </button>
          ) : null}
        </p>
      ))}
    </div>
  );
}

/** `g` and then the letter of a page. */
function useGoTo(): void {
  useEffect(() => {
    let since = 0;
    const listen = (event: KeyboardEvent) => {
      if (isTyping(event.target) || !settings.value.singleKeys || document.querySelector("dialog[open]")) return;
      const key = pressed(event);
      const page = GO_TO[key];
      if (page && Date.now() - since < CHORD_MS) {
        event.preventDefault();
        event.stopImmediatePropagation();
        go(page);
      }
      since = key === "g" ? Date.now() : 0;
    };
    window.addEventListener("keydown", listen, { capture: true });
    return () => window.removeEventListener("keydown", listen, { capture: true });
  }, []);
}
