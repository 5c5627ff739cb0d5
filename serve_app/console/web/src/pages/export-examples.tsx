// Labelled data of a task for training elsewhere: every page of it as one file of JSON Lines.
import { useState } from "preact/hooks";
import { read } from "../api";
import { text } from "../messages";
import { tell } from "../toast";

const PAGE = 1000;

async function examples(task: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let after: string | undefined; ; ) {
    const page: { examples: unknown[]; next: string } = await read("/v1/examples", {}, { task, after, limit: PAGE });
    found.push(...page.examples);
    if (page.examples.length < PAGE) return found;
    after = page.next;
  }
}

function save(rows: unknown[], name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([rows.map((row) => `${JSON.stringify(row)}\n`).join("")], { type: "application/x-ndjson" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function ExportExamples({ task }: { task: string }) {
  const said = text.value.care.examples;
  const [isBusy, setBusy] = useState(false);
  const run = () => {
    setBusy(true);
    examples(task)
      .then(
        (rows) => {
          save(rows, `${task}.jsonl`);
          tell(said.exported(rows.length));
        },
        (error: Error) => tell(error.message, "error"),
      )
      .finally(() => setBusy(false));
  };
  return (
    <section class="panel">
      <h2>{said.title}</h2>
      <p class="hint">{said.hint}</p>
      <button type="button" disabled={isBusy} onClick={run}>
        {said.export}
      </button>
    </section>
  );
}
