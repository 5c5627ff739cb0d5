// Buttons that show their key.
import type { ComponentChildren } from "preact";
import { keyOf } from "../keys";
import { settings } from "../settings";

export function Kbd({ action }: { action: string }) {
  const key = /^[0-9]$/.test(action) ? action : keyOf(action);
  return settings.value.singleKeys || key.startsWith("Ctrl+") ? <kbd aria-hidden="true">{key.length === 1 ? key.toUpperCase() : key}</kbd> : null;
}

interface ActionProps {
  action: string;
  onClick: () => void;
  disabled?: boolean;
  tone?: "primary" | "danger" | "plain";
  children: ComponentChildren;
}

export function Action({ action, onClick, disabled = false, tone = "plain", children }: ActionProps) {
  return (
    <button type="button" class={tone} onClick={onClick} disabled={disabled} aria-keyshortcuts={keyOf(action).replace("Ctrl+", "Control+")}>
      {children} <Kbd action={action} />
    </button>
  );
}
