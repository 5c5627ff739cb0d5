// An id: the beginning of it to see, the whole of it to copy, and where there is a page about it, a link.
import { text } from "../messages";
import { tell } from "../toast";
import { Icon } from "./icons";

export function Id({ id, link, length = 12 }: { id: string | null | undefined; link?: string; length?: number }) {
  if (!id) return <>–</>;
  const shown = id.length > length + 2 ? `${id.slice(0, length)}…` : id;
  const copy = () => void navigator.clipboard?.writeText(id).then(() => tell(text.value.states.copied, "done", undefined, 1500));
  return (
    <span class="id">
      {link ? (
        <a href={link} title={id}>
          {shown}
        </a>
      ) : (
        <span title={id}>{shown}</span>
      )}
      {id.length > length ? (
        <button type="button" class="quiet copy" aria-label={`${text.value.states.copy} ${id}`} onClick={copy}>
          <Icon name="copy" />
        </button>
      ) : null}
    </span>
  );
}
