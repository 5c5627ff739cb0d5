// Story pages: each component of the console with made-up data, in the states that it has. For who changes the console; no page leads here.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Problem, type Json } from "../api";
import { Plot } from "../charts/plot";
import { Chat } from "../case/chat";
import { Fields } from "../case/fields";
import { Picture } from "../case/picture";
import { PolicyForm } from "../pages/policy-form";
import { place } from "../router";
import { Ask } from "../ui/ask";
import { Bars } from "../ui/bars";
import { Chip } from "../ui/chip";
import { Facts, Tree } from "../ui/facts";
import { Icon } from "../ui/icons";
import { Id } from "../ui/id";
import { Action } from "../ui/kbd";
import { MentionText, WithMentions } from "../ui/mention-text";
import { NumberEntry } from "../ui/number-entry";
import { PageHead } from "../ui/page-head";
import { Empty, Failure, Loading } from "../ui/states";
import { Table } from "../ui/table";
import { Tabs } from "../ui/tabs";
import { Verbatim } from "../ui/verbatim";
import { WordDiff } from "../ui/word-diff";

const none = () => undefined;
const CASE = "abcdefghij234567abcdefghij";
const ROWS = [
  { name: "digits", waiting: 12, share: 0.875 },
  { name: "german_credit, a task with a long name that is cut at the end of its column", waiting: 0, share: 0.5 },
];
const TIMES = [1, 2, 3, 4, 5].map((x) => ({ x, y: 0.02 * x, low: 0.015 * x, high: 0.026 * x }));
const PIXELS = Array.from({ length: 64 }, (_, at) => (at % 8) + Math.floor(at / 8));
const POLICY = {
  automatic: 0.95,
  normal: 0.8,
  high: 0.5,
  risk: { level: 0.05, confidence: 0.9 },
  sampling: { random: 0.1, audit: 0.05, cold: 1 },
  rules: [{ name: "large", when: "metadata.amount >", effect: "high_risk", reason: "amount above 10000" }],
};

function Dialogs() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open the dialog
      </button>
      {isOpen ? <Ask title="Skip this case" label="Why" button="Skip" run={() => setOpen(false)} close={() => setOpen(false)} /> : null}
    </>
  );
}

function Mentions() {
  const [said, setSaid] = useState("like the one of @be");
  return (
    <>
      <label for="story-note">Note</label>
      <MentionText id="story-note" maxLength={400} value={said} enter={setSaid} people={(prefix) => Promise.resolve(["ada", "ben", "bea"].filter((name) => name.startsWith(prefix)))} />
      <p>
        <WithMentions>Ask @ada, or write to ann@example.org.</WithMentions>
      </p>
    </>
  );
}

function Numbers() {
  const [value, setValue] = useState<number | null>(0.95);
  return (
    <div class="entries">
      <NumberEntry name="Automatic above" hint="The model decides alone." value={value} words={value === null ? "" : `= ${100 * value}%`} min={0} max={1} step={0.01} whys={[]} give={setValue} />
      <NumberEntry name="High priority above" hint="A reviewer decides, at high priority." value={2} whys={["Input should be less than or equal to 1"]} give={none} />
      <NumberEntry name="Normal priority above" hint="What counts where nothing is set." value={undefined} usual={0.8} whys={[]} give={none} />
    </div>
  );
}

function TwoTabs() {
  const [chosen, setChosen] = useState<"form" | "json">("form");
  return (
    <Tabs label="How to edit" tabs={{ form: "Form", json: "Edit as JSON" }} chosen={chosen} choose={setChosen}>
      <p>{chosen === "form" ? "The form stands here." : "The text stands here."}</p>
    </Tabs>
  );
}

function Policy() {
  const [value, setValue] = useState<Json>({ ...POLICY });
  return <PolicyForm value={value} change={(how) => setValue(how(value))} whys={(entry) => (entry === "rules/0/when" ? ["Syntax error: mismatched input"] : [])} />;
}

const STORIES: Record<string, () => ComponentChildren> = {
  "page-head": () => (
    <PageHead title="Case abcdefghij" crumbs={[["Cases", "/cases"]]}>
      <Chip tone="good">Decided</Chip>
    </PageHead>
  ),
  buttons: () => (
    <p class="buttons">
      <Action action="submit" tone="primary" onClick={none}>
        Submit
      </Action>
      <Action action="skip" onClick={none}>
        Skip
      </Action>
      <Action action="escalate" onClick={none} disabled>
        Escalate
      </Action>
      <button type="button" class="danger">
        Erase the input
      </button>
      <button type="button" class="quiet">
        Cancel
      </button>
    </p>
  ),
  chips: () => (
    <p class="chips">
      {(["plain", "info", "good", "warn", "bad"] as const).map((tone) => (
        <Chip key={tone} tone={tone}>
          {tone}
        </Chip>
      ))}
    </p>
  ),
  icons: () => (
    <p class="chips">
      {["overview", "inbox", "reviews", "cases", "models", "approvals", "workflows", "analytics", "policies", "audit", "people", "settings", "copy"].map((name) => (
        <Icon key={name} name={name} />
      ))}
    </p>
  ),
  id: () => (
    <p>
      <Id id={CASE} link={`/cases/${CASE}`} /> <Id id="short" /> <Id id={null} />
    </p>
  ),
  table: () => (
    <Table
      caption="Queues"
      total="2 rows"
      file="queues"
      rows={ROWS}
      columns={[
        { title: "Queue", show: (row) => row.name, value: (row) => row.name },
        { title: "Waiting", show: (row) => row.waiting, value: (row) => row.waiting, isNumber: true },
      ]}
    />
  ),
  "table-empty": () => <Table caption="Queues without rows" rows={[]} columns={[]} />,
  loading: () => <Loading rows={3} />,
  empty: () => (
    <Empty>
      <p>No case is waiting.</p>
    </Empty>
  ),
  "failure-forbidden": () => <Failure error={new Problem(403, { title: "Forbidden" }, null)} again={none} />,
  "failure-other": () => <Failure error={new Problem(500, { detail: "The store cannot be reached." }, null)} again={none} />,
  notices: () => (
    <>
      <p class="notice good">Sent for approval.</p>
      <p class="notice warning">Somebody else is handling this case now.</p>
      <p class="notice error">A number of at least 0 is expected.</p>
    </>
  ),
  dialog: () => <Dialogs />,
  mentions: () => <Mentions />,
  numbers: () => <Numbers />,
  tabs: () => <TwoTabs />,
  "policy-form": () => <Policy />,
  facts: () => <Facts rows={[["Task", "digits"], ["Segment", "all"], ["Version", <code>{CASE.slice(0, 12)}</code>]]} />,
  tree: () => <Tree value={{ amount: 4321.5, ward: "7", history: ["paid", "late"], nested: { is_new: true } }} />,
  "hostile-text": () => (
    <p>
      <Verbatim>{"<b>no markup</b> and a \u202e hidden sign"}</Verbatim>
    </p>
  ),
  "word-diff": () => <WordDiff before="The quick brown fox" after="The quick red fox jumps" label="What the round changed" />,
  bars: () => <Bars label="The most likely labels" rows={ROWS.map(({ name, share }) => ({ name, share }))} />,
  plot: () => (
    <Plot
      label="Error by week"
      x={{ title: "Week", min: 1, max: 5, show: String }}
      y={{ title: "Error", min: 0, max: 0.15, show: (value) => `${Math.round(100 * value)}%` }}
      series={[
        { name: "error", marks: TIMES, shape: "both" },
        { name: "error before", marks: TIMES.map(({ x, y }) => ({ x, y: y + 0.02 })), shape: "both", tone: "second" },
      ]}
      rules={[{ text: "limit: 5%", y: 0.05 }]}
    />
  ),
  "case-fields": () => <Fields fields={[{ name: "amount", title: "Credit amount", unit: "DM", min: 0, max: 5000 }, { name: "job" }]} values={{ amount: 4950, job: "clerk" }} />,
  "case-picture": () => <Picture pixels={PIXELS} shape={[8, 8]} low={0} high={14} />,
  "case-chat": () => <Chat messages={[{ role: "user", content: "Where is my parcel?" }, { role: "assistant", content: "It arrives today." }]} judged={[1]} />,
};

/** All stories, or the one that the address names. */
export function Components() {
  const [, only] = place.value.rest;
  const shown = Object.entries(STORIES).filter(([name]) => only === undefined || only === name);
  return (
    <>
      <PageHead title="Components" />
      {shown.map(([name, Story]) => (
        <section key={name} class="panel story" id={`story-${name}`} aria-label={name}>
          <p class="hint">
            <a href={`/console/components/${name}`}>{name}</a>
          </p>
          <Story />
        </section>
      ))}
    </>
  );
}
