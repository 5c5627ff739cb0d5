// What the evidence of a model says, as figures that can be put into words: from a promotion pack, or from held-out figures alone.
import { at, listAt, numberAt, pairsAt, textAt } from "./evidence";

export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number | null;
}

export interface KeyFigure {
  name: "accuracy" | "automatic" | "automaticErrors" | "logLoss" | "cost" | "hours" | "calibration" | "latency" | "kept";
  unit: "share" | "dollars" | "h" | "ms" | "nats";
  isBetterUp: boolean;
  mine: Estimate;
  current: number | null;
}

export interface ModelSummary {
  verdict: string;
  gain: Estimate | null;
  accuracy: Estimate;
  rows: number | null;
  fixed: number | null;
  broken: number | null;
  p: number | null;
  measuredBy: string | null;
  notMeasured: string[];
  latencyRatio: number | null;
  figures: KeyFigure[];
}

const NOTHING: Estimate = { value: null, low: null, high: null, n: null };
const LEVEL = 0.05;

export function summaryOf(evidence: unknown): ModelSummary {
  const pack = at(evidence, "promotion");
  const comparison = at(pack, "comparison");
  const mine = estimateOf(at(evidence, "candidate", "accuracy") ?? at(pack, "models", "challenger", "accuracy"));
  return {
    verdict: verdictOf(evidence),
    gain: at(comparison, "gain") ? estimateOf(at(comparison, "gain")) : plainGain(evidence),
    accuracy: mine,
    rows: numberAt(pack, "rows", "n") ?? mine.n,
    fixed: numberAt(comparison, "table", "only_challenger_right") ?? numberAt(evidence, "comparison", "only_candidate_right"),
    broken: numberAt(comparison, "table", "only_champion_right") ?? numberAt(evidence, "comparison", "only_champion_right"),
    p: numberAt(comparison, "mcnemar_p") ?? numberAt(evidence, "comparison", "mcnemar_exact_p"),
    measuredBy: textAt(evidence, "measured", "by"),
    notMeasured: listAt(evidence, "measured", "not_measured").filter((name): name is string => typeof name === "string"),
    latencyRatio: numberAt(comparison, "latency_ratio"),
    figures: figuresOf(evidence).filter((figure) => figure.mine.value !== null),
  };
}

/** The pack's own verdict; without one, what the exact test on the held-out rows allows to say. */
function verdictOf(evidence: unknown): string {
  const said = textAt(evidence, "promotion", "comparison", "verdict");
  if (said) return said;
  const [new_, old] = [numberAt(evidence, "comparison", "only_candidate_right"), numberAt(evidence, "comparison", "only_champion_right")];
  const p = numberAt(evidence, "comparison", "mcnemar_exact_p");
  if (new_ !== null && old !== null && p !== null) return p > LEVEL ? "not enough evidence" : new_ > old ? "better" : "worse";
  return numberAt(evidence, "candidate", "accuracy", "value") === null && !at(evidence, "promotion", "models", "challenger") ? "none" : "first";
}

/** The difference of the two accuracies; its interval is in no evidence without a pack. */
function plainGain(evidence: unknown): Estimate | null {
  const [mine, current] = [numberAt(evidence, "candidate", "accuracy", "value"), numberAt(evidence, "champion", "accuracy", "value")];
  return mine === null || current === null ? null : { ...NOTHING, value: mine - current };
}

/** An estimate in any of the forms that evidence has: `low`/`high`, or `interval_95`. With no case there is no value. */
export function estimateOf(found: unknown): Estimate {
  const n = numberAt(found, "n");
  if (n === 0) return { ...NOTHING, n };
  return {
    value: typeof found === "number" ? found : numberAt(found, "value"),
    low: numberAt(found, "low") ?? numberAt(found, "interval_95", 0),
    high: numberAt(found, "high") ?? numberAt(found, "interval_95", 1),
    n,
  };
}

function figuresOf(evidence: unknown): KeyFigure[] {
  const [mine, current] = [at(evidence, "promotion", "models", "challenger"), at(evidence, "promotion", "models", "champion")];
  const [held, former] = [at(evidence, "candidate"), at(evidence, "champion")];
  const of = (name: KeyFigure["name"], unit: KeyFigure["unit"], isBetterUp: boolean, found: unknown, before: unknown): KeyFigure => ({ name, unit, isBetterUp, mine: estimateOf(found), current: estimateOf(before).value });
  const share = (model: unknown) => (numberAt(model, "automatic", "n") ? (numberAt(model, "automatic", "errors") ?? 0) / (numberAt(model, "automatic", "n") ?? 1) : null);
  return [
    of("accuracy", "share", true, at(held, "accuracy") ?? at(mine, "accuracy"), at(former, "accuracy") ?? at(current, "accuracy")),
    of("automatic", "share", true, at(mine, "automatic", "share") ?? at(held, "automatic", "share"), at(current, "automatic", "share") ?? at(former, "automatic", "share")),
    of("automaticErrors", "share", false, share(mine), share(current)),
    of("cost", "dollars", false, at(mine, "per_decision", "cost"), at(current, "per_decision", "cost")),
    of("hours", "h", false, at(mine, "reviewer_hours_per_1000"), at(current, "reviewer_hours_per_1000")),
    of("calibration", "share", false, at(mine, "calibration", "error"), at(current, "calibration", "error")),
    of("logLoss", "nats", false, at(held, "log_loss"), at(former, "log_loss")),
    of("latency", "ms", false, at(mine, "latency_p99_ms"), at(current, "latency_p99_ms")),
    of("kept", "share", true, at(mine, "corrections_kept"), at(current, "corrections_kept")),
  ];
}

export interface LabelRecall {
  label: string;
  mine: Estimate;
  current: number | null;
}

export function recallsOf(evidence: unknown): LabelRecall[] {
  const held = pairsAt(evidence, "candidate", "recall");
  const found = held.length ? held : pairsAt(evidence, "promotion", "models", "challenger", "recall");
  const before = (label: string) => at(evidence, "champion", "recall", label) ?? at(evidence, "promotion", "models", "champion", "recall", label);
  return found.map(([label, recall]) => ({ label, mine: estimateOf(recall), current: estimateOf(before(label)).value }));
}

export interface Mistake {
  truth: string;
  answered: string;
  count: number;
}

/** The pairs of labels that the model mixes up most often. */
export function mistakesOf(evidence: unknown, most = 5): Mistake[] {
  const labels = listAt(evidence, "candidate", "confusion", "labels").map(String);
  const rows = listAt(evidence, "candidate", "confusion", "rows_true_columns_predicted");
  const found = rows.flatMap((row, truth) => (Array.isArray(row) ? row.map((count, answered) => ({ truth: labels[truth] ?? "", answered: labels[answered] ?? "", count: Number(count), isRight: truth === answered })) : []));
  return found.filter((each) => !each.isRight && each.count > 0).sort((a, b) => b.count - a.count).slice(0, most);
}
