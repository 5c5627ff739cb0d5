// Grey levels as an image, scaled up without smoothing: light on dark as they were measured.
import { useEffect, useRef } from "preact/hooks";
import { text } from "../messages";

const WANTED_PX = 256;

interface PictureProps {
  pixels: number[];
  shape: [number, number];
  low: number;
  high: number;
}

export function Picture({ pixels, shape, low, high }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [rows, columns] = shape;
  const times = Math.max(1, Math.floor(WANTED_PX / Math.max(rows, columns)));
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    for (let at = 0; at < rows * columns; at += 1) {
      const share = ((pixels[at] ?? low) - low) / Math.max(high - low, Number.EPSILON);
      const grey = Math.round(255 * Math.min(1, Math.max(0, share)));
      context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
      context.fillRect((at % columns) * times, Math.floor(at / columns) * times, times, times);
    }
  }, [pixels, rows, columns, times, low, high]);
  return <canvas ref={canvas} class="picture" width={columns * times} height={rows * times} role="img" aria-label={text.value.review.image(rows, columns)} />;
}
