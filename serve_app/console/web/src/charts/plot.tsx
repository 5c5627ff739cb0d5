// A picture of points on two axes: lines, points with their intervals, bars, and rules that mark a level. Drawn as SVG by hand.
import type { ComponentChildren } from "preact";
import { text } from "../messages";

export interface Axis {
  title: string;
  min: number;
  max: number;
  show: (value: number) => string;
}

export interface Mark {
  x: number;
  y: number;
  low?: number | null;
  high?: number | null;
}

export interface Series {
  name: string;
  marks: Mark[];
  shape: "line" | "dots" | "both";
  /** Which of the colours; each has a dash of its own beside it. */
  tone?: "first" | "second";
}

export interface Rule {
  text: string;
  x?: number;
  y?: number;
}

interface PlotProps {
  label: string;
  x: Axis;
  y: Axis;
  series: Series[];
  rules?: Rule[];
  hasDiagonal?: boolean;
}

const WIDTH = 560;
const HEIGHT = 300;
const EDGE = { left: 62, right: 26, top: 30, bottom: 48 };
const TICKS = 4;

export function Plot({ label, x, y, series, rules = [], hasDiagonal = false }: PlotProps) {
  const across = scale(x, EDGE.left, WIDTH - EDGE.right);
  const up = scale(y, HEIGHT - EDGE.bottom, EDGE.top);
  return (
    <Canvas label={label}>
      <Grid x={x} y={y} across={across} up={up} />
      {hasDiagonal ? <line class="rule" x1={across(x.min)} y1={up(y.min)} x2={across(x.max)} y2={up(y.max)} /> : null}
      {rules.map((rule) => (
        <Marker key={rule.text} rule={rule} across={across} up={up} />
      ))}
      {series.map((each) => (
        <g key={each.name} class={`series ${each.tone ?? "first"}`}>
          {each.shape === "dots" ? null : <polyline class="line" points={each.marks.map((mark) => `${across(mark.x)},${up(mark.y)}`).join(" ")} />}
          {each.marks.map((mark, at) => (
            <Point key={at} mark={mark} x={across(mark.x)} up={up} isDot={each.shape !== "line"} />
          ))}
        </g>
      ))}
    </Canvas>
  );
}

function Canvas({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="scroll" role="region" aria-label={text.value.charts.picture(label)} tabIndex={0}>
      <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {children}
      </svg>
    </div>
  );
}

type Place = (value: number) => number;

function scale(axis: Axis, from: number, to: number): Place {
  const width = axis.max - axis.min || 1;
  return (value) => Math.round(10 * (from + ((Math.min(axis.max, Math.max(axis.min, value)) - axis.min) / width) * (to - from))) / 10;
}

/** Round steps inside the axis: 1, 2, 2.5 or 5 times a power of ten; where two would read the same, one of them. */
export function ticks(axis: Axis): number[] {
  const raw = (axis.max - axis.min || 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find((size) => size * power >= raw) ?? 10);
  const first = Math.ceil(axis.min / step - 1e-9);
  const found = Array.from({ length: TICKS + 2 }, (_, at) => (first + at) * step).filter((value) => value <= axis.max + step * 1e-9);
  return found.filter((value, at) => at === 0 || axis.show(value) !== axis.show(found[at - 1] ?? 0));
}

function Grid({ x, y, across, up }: { x: Axis; y: Axis; across: Place; up: Place }) {
  return (
    <g class="grid">
      {ticks(y).map((value) => (
        <g key={value}>
          <line x1={EDGE.left} x2={WIDTH - EDGE.right} y1={up(value)} y2={up(value)} />
          <text x={EDGE.left - 6} y={up(value) + 4} text-anchor="end">
            {y.show(value)}
          </text>
        </g>
      ))}
      {ticks(x).map((value) => (
        <text key={value} x={across(value)} y={HEIGHT - EDGE.bottom + 18} text-anchor="middle">
          {x.show(value)}
        </text>
      ))}
      <text x={(EDGE.left + WIDTH - EDGE.right) / 2} y={HEIGHT - 8} text-anchor="middle" class="title">
        {x.title}
      </text>
      <text x={4} y={14} class="title">
        {y.title}
      </text>
    </g>
  );
}

function Marker({ rule, across, up }: { rule: Rule; across: Place; up: Place }) {
  const isUpright = rule.x !== undefined;
  const at = isUpright ? across(rule.x ?? 0) : up(rule.y ?? 0);
  const isRight = at > WIDTH / 2;
  return (
    <g class="marker">
      {isUpright ? <line x1={at} x2={at} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} /> : <line x1={EDGE.left} x2={WIDTH - EDGE.right} y1={at} y2={at} />}
      <text x={isUpright ? at + (isRight ? -5 : 5) : WIDTH - EDGE.right} y={isUpright ? EDGE.top + 12 : at - 4} text-anchor={isUpright && !isRight ? "start" : "end"}>
        {rule.text}
      </text>
    </g>
  );
}

function Point({ mark, x, up, isDot }: { mark: Mark; x: number; up: Place; isDot: boolean }) {
  const hasInterval = typeof mark.low === "number" && typeof mark.high === "number";
  return (
    <>
      {hasInterval ? <line class="whisker" x1={x} x2={x} y1={up(mark.low as number)} y2={up(mark.high as number)} /> : null}
      {isDot ? <circle class="dot" cx={x} cy={up(mark.y)} r={4} /> : null}
    </>
  );
}
