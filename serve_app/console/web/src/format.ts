// Numbers, times and spans as people read them: in the page's language, times in the viewer's own zone.
import { locale, text } from "./messages";

export const NONE = "–";

type Maybe = number | null | undefined;

const known = (value: Maybe): value is number => value !== null && value !== undefined && !Number.isNaN(value);

function number(value: number, options: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locale.value, options).format(value);
}

export function percent(share: Maybe, digits = 1): string {
  if (!known(share)) return NONE;
  const isWhole = share === 0 || share === 1;
  return number(share, { style: "percent", minimumFractionDigits: isWhole ? 0 : digits, maximumFractionDigits: digits });
}

/** A difference of two shares in percentage points, with its sign: "+1.67", "−0.51". */
export function points(difference: Maybe, digits = 2): string {
  if (!known(difference)) return NONE;
  const said = number(100 * difference, { signDisplay: "exceptZero", minimumFractionDigits: digits, maximumFractionDigits: digits });
  return said.replace("-", "−");
}

export function figure(value: Maybe, digits = 3): string {
  if (!known(value)) return NONE;
  return number(value, { maximumFractionDigits: Number.isInteger(value) ? 0 : digits });
}

/** A probability of chance: small ones as a power of ten, never as 0. */
export function pValue(p: Maybe): string {
  if (!known(p)) return NONE;
  return p !== 0 && p < 0.001 ? powerOfTen(p) : number(p, { maximumSignificantDigits: 2 });
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A value below one: "4.2 × 10⁻⁷". */
function powerOfTen(value: number): string {
  const [digits = "", power = ""] = value.toExponential(1).split("e-");
  const raised = [...power].map((digit) => RAISED[Number(digit)]).join("");
  return `${number(Number(digits), { maximumSignificantDigits: 2 })} × 10⁻${raised}`;
}

export function dollars(value: Maybe): string {
  if (!known(value)) return NONE;
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 3 : 2;
  return number(value, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A value with its unit, as the service names it. */
export function amount(value: Maybe, unit: string): string {
  if (!known(value)) return NONE;
  if (unit === "share") return percent(value);
  if (unit === "dollars" || unit === "$") return dollars(value);
  if (unit === "s" || unit === "seconds") return span(value);
  if (unit === "h" || unit === "hours") return span(3600 * value);
  return unit ? `${rounded(value)} ${text.value.quality.units[unit] ?? unit}` : rounded(value);
}

/** An interval of values with one unit: a unit in words stands once. */
export function amounts(low: Maybe, high: Maybe, unit: string): string {
  const word = text.value.quality.units[unit];
  return word === undefined ? `${amount(low, unit)} – ${amount(high, unit)}` : `${rounded(low)} – ${rounded(high)} ${word}`;
}

/** Hundredths say nothing beside hundreds. */
function rounded(value: Maybe): string {
  return figure(value, known(value) && Math.abs(value) >= 100 ? 0 : 2);
}

/** The beginning of a sentence as it stands inside one: "Zu wenig Daten" is "zu wenig Daten". */
export function inside(said: string): string {
  return said.charAt(0).toLowerCase() + said.slice(1);
}

/** A span of seconds in its two largest units: "2 h 5 min". */
export function span(seconds: Maybe): string {
  if (!known(seconds)) return NONE;
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** Minutes and seconds that run down: "1:57". */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

function dateOf(at: number | string | null | undefined): Date | null {
  if (at === null || at === undefined) return null;
  const numeric = typeof at === "string" && /^\d+(\.\d+)?$/.test(at) ? Number(at) : at;
  const date = new Date(typeof numeric === "number" ? numeric * 1000 : numeric);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** UTC seconds or ISO text in the viewer's zone. */
export function moment(at: number | string | null | undefined): string {
  const date = dateOf(at);
  if (date === null) return at === null || at === undefined ? NONE : String(at);
  return new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/** The UTC day of UTC seconds: days are counted so. */
export function dayOf(at: number): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(1000 * at));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago, or how far ahead: "5 minutes ago". */
export function relative(at: number | string | null | undefined, now = Date.now() / 1000): string {
  const date = dateOf(at);
  if (date === null) return NONE;
  const away = date.getTime() / 1000 - now;
  const [unit, seconds] = STEPS.find(([, size]) => Math.abs(away) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale.value, { numeric: "auto" }).format(Math.round(away / seconds), unit);
}

export function short(digest: string | null | undefined): string {
  return digest ? digest.slice(0, 12) : NONE;
}

/** A name of the code as words: "due_soon" is "due soon", "PolicyAdopted" is "Policy adopted", "ai" is "AI". */
export function words(name: string): string {
  const apart = name.replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return apart.replaceAll("_", " ").replace(/\bai\b/g, "AI");
}

/** A name of the code as the beginning of a sentence, in the page's language where the catalogue has it. */
export function sentence(name: string): string {
  const known = (text.value.terms as Record<string, string>)[name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase()];
  if (known !== undefined) return known;
  const said = words(name).trim();
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** Rows as RFC 4180 text; a cell that a spreadsheet would run as a formula is quoted with an apostrophe. */
export function csv(columns: string[], rows: unknown[][]): string {
  return [columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value: unknown): string {
  let said = value === null || value === undefined ? "" : String(value);
  if (/^[=+\-@\t\r]/.test(said) && Number.isNaN(Number(said))) said = `'${said}`;
  return /[",\r\n]/.test(said) ? `"${said.replaceAll('"', '""')}"` : said;
}
