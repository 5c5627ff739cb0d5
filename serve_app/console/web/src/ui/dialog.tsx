// A modal dialog on the browser's own element: focus is kept inside, Escape closes it, focus returns to where it was.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  const name = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    // Focus may go to a button at the end: a long dialog would open there, its title out of sight.
    if (element.current) element.current.scrollTop = 0;
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={element} aria-labelledby={name} onClose={close} onCancel={close}>
      <h2 id={name}>{title}</h2>
      {children}
    </dialog>
  );
}
