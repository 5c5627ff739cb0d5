// The picture of a case, or its document page by page, to look at closely: by keys, by buttons, by dragging. The service has made it
// anew from pixels.
import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../messages";
import { Boxes, type Places } from "./boxes";
import { moved, PLAIN, STEPS, stepped, styleOf, type Step } from "./placement";
import { Retry } from "./retry";

const BUTTONS: Step[] = ["in", "out", "turn", "more", "less", "plain"];

interface PhotoProps {
  src: string;
  pages: number;
  places: Places;
}

export function Photo({ src, pages, places: { places, focused, pick } }: PhotoProps) {
  const said = text.value.review.photo;
  const [at, setAt] = useState(PLAIN);
  const [page, setPage] = useState(1);
  const [size, setSize] = useState<{ of: string; width: number; height: number } | null>(null);
  const [drawings, setDrawings] = useState(0);
  const [tries, setTries] = useState(0);
  const [failed, setFailed] = useState("");
  const held = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => {
    setPage(1);
  }, [src]);
  useEffect(() => {
    setAt(PLAIN);
    setTries(0);
  }, [src, page]);
  const wanted = places.find((place) => place.name === focused)?.page;
  useEffect(() => {
    if (wanted) setPage(wanted);
  }, [wanted, focused]);
  const drawn = pages > 1 ? `${src}?page=${page}` : src;
  const drawing = `${drawn} ${drawings}`; // what failed is told by its name: an image may fail before an effect has run
  const turnTo = (wanted: number) => setPage(Math.min(pages, Math.max(1, wanted)));
  const press = (event: KeyboardEvent) => {
    if (pages > 1 && (event.key === "PageDown" || event.key === "PageUp")) {
      event.preventDefault();
      turnTo(page + (event.key === "PageDown" ? 1 : -1));
    }
    const step = event.ctrlKey || event.metaKey || event.altKey ? undefined : STEPS[event.key];
    if (!step) return;
    event.preventDefault(); // the page's own single keys rest while the picture has the focus
    setAt(stepped(at, step));
  };
  const drag = (event: PointerEvent) => {
    if (held.current === null) return;
    setAt(moved(at, event.clientX - held.current.x, event.clientY - held.current.y));
    held.current = { x: event.clientX, y: event.clientY };
  };
  const take = (event: PointerEvent) => {
    held.current = { x: event.clientX, y: event.clientY };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };
  if (failed === drawing) return <Retry failed={said.failed} tries={tries} again={() => (setTries(tries + 1), setDrawings(drawings + 1))} />;
  return (
    <figure class="photo">
      <div class="photo-frame" tabIndex={0} role="group" aria-label={said.frame} aria-describedby="photo-keys" onKeyDown={press} onPointerDown={take} onPointerMove={drag} onPointerUp={() => (held.current = null)} onPointerCancel={() => (held.current = null)}>
        <img key={drawing} src={drawn} alt={pages > 1 ? said.page(page, pages) : said.alt} draggable={false} style={styleOf(at)} onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => (setSize({ of: drawn, width, height }), setTries(0))} onError={() => setFailed(drawing)} />
        {size?.of === drawn ? <Boxes places={places.filter((place) => place.page === page)} focused={focused} pick={pick} size={size} at={at} /> : null}
      </div>
      <div class="buttons" role="toolbar" aria-label={said.tools}>
        {pages > 1 ? (
          <>
            <button type="button" class="quiet" disabled={page === 1} onClick={() => turnTo(page - 1)}>
              {said.before}
            </button>
            <span role="status">{said.page(page, pages)}</span>
            <button type="button" class="quiet" disabled={page === pages} onClick={() => turnTo(page + 1)}>
              {said.next}
            </button>
          </>
        ) : null}
        {BUTTONS.map((step) => (
          <button key={step} type="button" class="quiet" onClick={() => setAt(stepped(at, step))}>
            {said.steps[step]}
          </button>
        ))}
      </div>
      <figcaption class="hint" id="photo-keys">
        {said.keys} {pages > 1 ? said.pageKeys : ""} {places.length > 0 ? said.boxes : ""}
      </figcaption>
    </figure>
  );
}
