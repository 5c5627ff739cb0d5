// A number with its name, one line that says what it means, and why it was refused. What is typed stays as it is typed.
import { useId, useState } from "preact/hooks";

interface NumberProps {
  name: string;
  hint: string;
  value: unknown;
  /** Shown where no value is set. */
  usual?: number;
  /** The value in other words: 0.95 as 95%. */
  words?: string;
  min?: number;
  max?: number;
  step?: number;
  whys: string[];
  /** Null: what is entered is no number. */
  give: (value: number | null) => void;
}

export function NumberEntry({ name, hint, value, usual, words, min, max, step, whys, give }: NumberProps) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const shown = typed !== "" && Number(typed) === value ? typed : typeof value === "number" ? String(value) : "";
  const enter = (said: string) => {
    setTyped(said);
    give(said === "" ? null : Number(said));
  };
  return (
    <div class="entry">
      <label for={id}>{name}</label>
      <span class="entered">
        <input id={id} type="number" min={min} max={max} step={step} value={shown} placeholder={usual === undefined ? undefined : String(usual)} aria-describedby={`${id}-hint ${id}-why`} aria-invalid={whys.length > 0 ? "true" : undefined} onInput={(event) => enter(event.currentTarget.value)} />
        {words ? <span class="note">{words}</span> : null}
      </span>
      <small id={`${id}-hint`}>{hint}</small>
      <Whys id={`${id}-why`} whys={whys} />
    </div>
  );
}

/** Why the service refused an entry, read out when it comes. */
export function Whys({ id, whys }: { id: string; whys: string[] }) {
  return (
    <div id={id} role="alert">
      {whys.map((why) => (
        <p key={why} class="problem">
          {why}
        </p>
      ))}
    </div>
  );
}
