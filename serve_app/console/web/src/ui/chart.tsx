// Lines, steps and bars as SVG. The title states the finding; the same figures stand below it as a table with its CSV.
import type { ComponentChildren } from "preact";
import { figure } from "../format";
import { Table, type Column } from "./table";

export interface Series {
  name: string;
  points: { x: number; y: number; low?: number; high?: number }[];
}

interface ChartProps {
  title: string;
  xLabel: string;
  yLabel: string;
  series: Series[];
  file: string;
  yMax?: number;
  xFormat?: (x: number) => string;
  yFormat?: (y: number) => string;
  marker?: { x: number; label: string };
  children?: ComponentChildren;
}

const WIDTH = 560;
const HEIGHT = 240;
const LEFT = 52;
const BOTTOM = 34;
const TOP = 10;
const RIGHT = 12;
const TICKS = 5;

export function Chart(props: ChartProps) {
  const { title, xLabel, yLabel, series, file, xFormat = figure, yFormat = figure, marker, children } = props;
  const points = series.flatMap((each) => each.points);
  if (points.length === 0) return <Nothing title={title} />;
  const scale = scales(points, props.yMax);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}. The figures are in the table below.`}>
        {ticks(scale.y0, scale.y1).map((y) => (
          <g key={`y${y}`}>
            <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={scale.y(y)} y2={scale.y(y)} />
            <text class="tick" x={LEFT - 6} y={scale.y(y) + 4} text-anchor="end">
              {yFormat(y)}
            </text>
          </g>
        ))}
        {ticks(scale.x0, scale.x1).map((x) => (
          <text key={`x${x}`} class="tick" x={scale.x(x)} y={HEIGHT - BOTTOM + 16} text-anchor="middle">
            {xFormat(x)}
          </text>
        ))}
        <text class="axis" x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 3} text-anchor="middle">
          {xLabel}
        </text>
        {series.map((each, at) => (
          <g key={each.name} class={`series s${at % 5}`}>
            <path class="band" d={band(each, scale)} />
            <path class="line" d={line(each, scale)} />
            {each.points.length <= 40 ? each.points.map((p) => <circle key={p.x} cx={scale.x(p.x)} cy={scale.y(p.y)} r={2.5} />) : null}
          </g>
        ))}
        {marker && marker.x >= scale.x0 && marker.x <= scale.x1 ? (
          <g class="marker">
            <line x1={scale.x(marker.x)} x2={scale.x(marker.x)} y1={TOP} y2={HEIGHT - BOTTOM} />
            <text x={scale.x(marker.x) + 4} y={TOP + 10}>
              {marker.label}
            </text>
          </g>
        ) : null}
      </svg>
      {series.length > 1 ? (
        <ul class="legend">
          {series.map((each, at) => (
            <li key={each.name} class={`s${at % 5}`}>
              {each.name}
            </li>
          ))}
        </ul>
      ) : null}
      {children}
      <details>
        <summary>Table and CSV</summary>
        <Table caption={title} rows={series.flatMap((each) => each.points.map((point) => ({ name: each.name, ...point })))} columns={columns(xLabel, yLabel, xFormat, yFormat)} file={file} />
      </details>
    </figure>
  );
}

type Row = { name: string; x: number; y: number; low?: number; high?: number };

function columns(xLabel: string, yLabel: string, xFormat: (x: number) => string, yFormat: (y: number) => string): Column<Row>[] {
  const bound = (y: number | undefined) => (y === undefined ? "" : yFormat(y));
  return [
    { title: "series", show: (row) => row.name, value: (row) => row.name },
    { title: xLabel, show: (row) => xFormat(row.x), value: (row) => row.x, isNumber: true },
    { title: yLabel, show: (row) => yFormat(row.y), value: (row) => row.y, isNumber: true },
    { title: "lower bound", show: (row) => bound(row.low), value: (row) => row.low, isNumber: true },
    { title: "upper bound", show: (row) => bound(row.high), value: (row) => row.high, isNumber: true },
  ];
}

function Nothing({ title }: { title: string }) {
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <p class="notice empty">No figures yet.</p>
    </figure>
  );
}

interface Scales {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  x: (value: number) => number;
  y: (value: number) => number;
}

function scales(points: { x: number; y: number; low?: number; high?: number }[], yMax?: number): Scales {
  const xs = points.map((p) => p.x);
  const ys = points.flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y]);
  const [x0, x1] = apart(Math.min(...xs), Math.max(...xs));
  const [y0, y1] = apart(Math.min(0, ...ys), yMax ?? Math.max(...ys));
  const x = (value: number) => LEFT + ((value - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((Math.min(value, y1) - y0) / (y1 - y0)) * (HEIGHT - BOTTOM - TOP);
  return { x0, x1, y0, y1, x, y };
}

function apart(low: number, high: number): [number, number] {
  return high > low ? [low, high] : [low, low + 1];
}

function ticks(low: number, high: number): number[] {
  return Array.from({ length: TICKS }, (_, at) => low + ((high - low) * at) / (TICKS - 1));
}

function line(series: Series, scale: Scales): string {
  return series.points.map((p, at) => `${at ? "L" : "M"}${scale.x(p.x).toFixed(1)} ${scale.y(p.y).toFixed(1)}`).join("");
}

function band(series: Series, scale: Scales): string {
  const bounded = series.points.filter((p) => p.low !== undefined && p.high !== undefined);
  if (bounded.length < 2) return "";
  const up = bounded.map((p) => `${scale.x(p.x).toFixed(1)} ${scale.y(p.high ?? p.y).toFixed(1)}`);
  const down = bounded.map((p) => `${scale.x(p.x).toFixed(1)} ${scale.y(p.low ?? p.y).toFixed(1)}`).reverse();
  return `M${[...up, ...down].join("L")}Z`;
}
