// The frame around every page: the pages that this person may open, who they are, how connected; the sheet of keys; the message.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { GO_TO, isTyping, pressed, useKeys } from "../keys";
import { link } from "../live/live";
import { text } from "../messages";
import { chooseLook } from "../preferences";
import { go, href, place } from "../router";
import { may, signOut, who } from "../session";
import { settings } from "../settings";
import { toast } from "../toast";
import { Icon } from "./icons";
import { Palette, type Destination } from "./palette";
import { Shortcuts } from "./shortcuts";
import { startTour, Tour } from "./tour";

type PageName = keyof typeof text.value.shell.pages;

interface Entry {
  page: PageName;
  needs?: string;
}

/** What stands in the rail. A page that needs a permission is offered only to who has it. */
const GROUPS: { group: "work" | "operations" | "admin"; entries: Entry[] }[] = [
  {
    group: "work",
    entries: [{ page: "overview" }, { page: "inbox" }, { page: "reviews", needs: "see_queues" }, { page: "cases", needs: "see_cases" }, { page: "models" }, { page: "approvals", needs: "see_approvals" }, { page: "workflows" }],
  },
  { group: "operations", entries: [{ page: "analytics", needs: "see_quality" }, { page: "staffing", needs: "see_queues" }, { page: "policies", needs: "try_policies" }, { page: "overrides", needs: "see_overrides" }, { page: "outbox", needs: "see_outbox" }, { page: "retention", needs: "hold_days" }, { page: "audit", needs: "see_audit" }] },
  { group: "admin", entries: [{ page: "tasks" }, { page: "new-task", needs: "propose_policies" }, { page: "people", needs: "manage_people" }, { page: "settings" }] },
];

const SIGNS = { live: "●", polling: "◐", offline: "■" };
const CHORD_MS = 1500;

export function Shell({ children }: { children: ComponentChildren }) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const said = text.value.shell;
  const here = place.value.page as PageName;
  useKeys({ help: () => setHelpOpen(true), palette: () => setPaletteOpen(true) });
  useGoTo();
  useFocusOnArrival();
  useEffect(() => setMenuOpen(false), [place.value]);
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={skip}>
        {said.skip}
      </a>
      <div class="topline">
        <button type="button" class="quiet" aria-expanded={isMenuOpen} aria-controls="rail" onClick={() => setMenuOpen(!isMenuOpen)}>
          ☰ <span class="unseen">{said.menu}</span>
        </button>
        <strong>{said.pages[here] ?? said.product}</strong>
        <span class={`link ${link.value}`} aria-hidden="true">
          {SIGNS[link.value]}
        </span>
      </div>
      <header id="rail" class={isMenuOpen ? "rail open" : "rail"}>
        <span class="brand">{said.product}</span>
        <button type="button" class="goto" onClick={() => setPaletteOpen(true)} title={text.value.palette.open} aria-keyshortcuts="Control+K">
          {text.value.palette.title}… <kbd>Ctrl K</kbd>
        </button>
        <nav aria-label={said.navigation}>
          {GROUPS.map(({ group, entries }) => {
            const shown = entries.filter(isOffered);
            return shown.length === 0 ? null : (
              <>
                <span class="group">{said.groups[group]}</span>
                {shown.map(({ page }) => (
                  <a key={page} href={href(page)} aria-current={page === here ? "page" : undefined}>
                    <Icon name={page} />
                    {said.pages[page]}
                  </a>
                ))}
              </>
            );
          })}
        </nav>
        <div class="foot">
          <span class="line">
            <span class="who" title={who.value?.roles.join(", ")}>
              {who.value?.id}
            </span>
            <Link />
          </span>
          <span class="line">
            <button type="button" class="quiet" onClick={nextTheme} aria-label={said.theme(said.themes[settings.value.theme])}>
              ◐ {said.themes[settings.value.theme]}
            </button>
            <button type="button" class="quiet" onClick={() => setHelpOpen(true)} aria-label={said.shortcuts} aria-keyshortcuts="?">
              <kbd>?</kbd>
            </button>
            <button type="button" class="quiet" onClick={() => void signOut()}>
              {said.signOut}
            </button>
          </span>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {link.value === "offline" ? (
          <p class="notice warning" role="alert">
            {said.offline}
          </p>
        ) : null}
        {children}
      </main>
      <Message />
      <Tour />
      {isPaletteOpen ? <Palette pages={destinations()} close={() => setPaletteOpen(false)} /> : null}
      {isHelpOpen ? <Shortcuts close={() => setHelpOpen(false)} /> : null}
    </div>
  );
}

/** The pages of the rail, for the palette. */
function destinations(): Destination[] {
  const shown = GROUPS.flatMap(({ entries }) => entries).filter(isOffered);
  const { tour } = text.value.shell;
  const pages = shown.map(({ page }) => ({ name: text.value.shell.pages[page], kind: text.value.palette.page, link: href(page) }));
  return [...pages, { name: tour.title, kind: tour.start, link: "#tour", run: startTour }];
}

function isOffered({ needs }: Entry): boolean {
  return !needs || may(needs);
}

function Link() {
  const said = text.value.shell;
  return (
    <span class={`link ${link.value}`} role="status" title={said.linkTitle[link.value]}>
      {SIGNS[link.value]} {said.link[link.value]}
    </span>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function nextTheme(): void {
  const order = ["auto", "light", "dark"] as const;
  chooseLook({ theme: order[(order.indexOf(settings.value.theme) + 1) % order.length] ?? "auto" });
}

/** The title of a page that was opened gets the focus, so that a screen reader reads it and Tab goes on from there. */
function useFocusOnArrival(): void {
  const page = `${place.value.page}/${place.value.rest[0] ?? ""}`;
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return undefined;
    before.current = page;
    // A page that is loaded first has its title a little later.
    let left = 20;
    const timer = setInterval(() => {
      left -= 1;
      const title = document.querySelector<HTMLElement>("main h1");
      if (!title && left > 0) return;
      clearInterval(timer);
      (title ?? document.getElementById("main"))?.focus();
    }, 50);
    return () => clearInterval(timer);
  }, [page]);
}

function Message() {
  const shown = toast.value;
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown ? (
        <p class={`toast ${shown.tone}`}>
          <span>{shown.text}</span>
          {shown.action ? (
            <button type="button" onClick={shown.action.run}>
              {shown.action.label}
            </button>
          ) : null}
        </p>
      ) : null}
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
