// The head of a page: where it stands, its title, and what can be done there. The title gets the focus when the page is opened.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { text } from "../messages";

interface HeadProps {
  title: string;
  crumbs?: [string, string][];
  children?: ComponentChildren;
}

export function PageHead({ title, crumbs = [], children }: HeadProps) {
  useEffect(() => {
    document.title = `${title} · ${text.value.shell.product}`;
  }, [title]);
  return (
    <>
      {crumbs.length > 0 ? (
        <p class="crumbs">
          {crumbs.map(([name, link]) => (
            <span key={link}>
              <a href={link}>{name}</a> /{" "}
            </span>
          ))}
        </p>
      ) : null}
      <div class="page-head">
        <h1 tabIndex={-1}>{title}</h1>
        {children ? <div class="end">{children}</div> : null}
      </div>
    </>
  );
}
