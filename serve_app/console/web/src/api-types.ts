// Written by `python docs/make_api_types.py` from the OpenAPI document of serve_app.api; a test compares.

/** The keys of one account, oldest first. */
export interface AccountKeys {
  keys: KeyView[];
}

/** An account; the keys and sessions of a disabled one are worthless. */
export interface AccountView {
  account: string;
  roles: string[];
  tasks: string[];
  queues: string[];
  skills: string[];
  is_disabled: boolean;
}

/** Every account, in the order of their ids. */
export interface Accounts {
  accounts: AccountView[];
}

export type Action = "automatic" | "review" | "expert";

/** Over ``cases`` with two answers or more: the ``raw`` share of pairs that agree in [0, 1], and Krippendorff's ``alpha``, at most 1 and 0 for what chance gives; each interval by resampling cases. */
export interface AgreementFigures {
  cases: number;
  raw: Interval;
  alpha: Interval;
}

/** Counts by status and kind. Rates are of all that ended by votes, time or withdrawal, times in seconds from the request to that end; None without any. */
export interface ApprovalFigures {
  total: number;
  pending: number;
  by_status: Record<string, number>;
  by_kind: Record<string, number>;
  approval_rate: number | null;
  rejection_rate: number | null;
  timeout_rate: number | null;
  average_decision_s: number | null;
  median_decision_s: number | null;
}

/** An option that a voter can choose: ``outcome`` is what a vote for ``value`` does. */
export interface ApprovalOption {
  label: string;
  value: string;
  recommended: boolean;
  outcome: "approve" | "reject";
}

/** ``approvals`` in the order of their requests; ``next`` is the cursor of the following page, None at the end. */
export interface ApprovalPage {
  approvals: ApprovalView[];
  next: number | null;
}

/** Everybody who was shown the sealed values of the approval, oldest first. */
export interface ApprovalReveals {
  approval_id: string;
  reveals: RevealNote[];
}

/** All that happened to an approval, oldest first: each entry has ``type``, ``at`` and the fields of its event. */
export interface ApprovalTrail {
  approval_id: string;
  status: RequestStatus;
  entries: Record<string, unknown>[];
}

/** An approval with all that a voter sees, and without its encrypted values. hitl.approval.state.Approval tells what the fields mean. */
export interface ApprovalView {
  approval_id: string;
  kind: string;
  task: string;
  digest: string;
  title: string;
  description: string;
  context: Record<string, unknown>;
  evidence: Record<string, unknown>;
  options: ApprovalOption[];
  in_words: InWords;
  default: SilentDefault | null;
  urgency: string;
  metadata: Record<string, unknown>;
  sealed: Record<string, string>;
  checks: Record<string, unknown>[];
  shown: string | null;
  requested_by: string;
  requested_at: number;
  expires_at: number;
  quorum: number;
  policy: VotingPolicy;
  asked: string[];
  is_open: boolean;
  schedule: (ScheduledReminder | ScheduledEscalation)[];
  step: number;
  tells: RejectionTelling | null;
  status: RequestStatus;
  votes: CastVote[];
  tally: Tally;
  choice: string | null;
  decided_at: number | null;
  settled_at: number | null;
  closing_reason: string | null;
  history: Record<string, unknown>[];
}

/** An assignee, asked at ``assigned_at`` (UTC seconds). */
export interface Assignment {
  user_id: string | null;
  role: string;
  assigned_at: number;
}

export type Ballot = "approve" | "reject";

/** A case for who may still answer its blind review: neither the model's suggestion nor any outcome. */
export interface BlindCase {
  case_id: string;
  request_id: string;
  task: string;
  review_id: string;
  features: unknown;
  metadata: unknown;
  decision_url: string;
  status: "pending_human";
  outcome: null;
  outcomes: (OutcomeRecord | ModelOutcome | ClientRecord)[];
  version: number;
  history: Record<string, unknown>[];
}

/** Answers with a confidence in (``low``, ``high``]: the mean ``confidence`` that the model states, and the share that is right. */
export interface CalibrationBin {
  low: number;
  high: number;
  confidence: number;
  accuracy: Interval;
}

/** Who the caller is and what they may do; ``tasks`` and ``queues`` bound the roles, empty means all. */
export interface CallerView {
  account: string;
  roles: string[];
  tasks: string[];
  queues: string[];
  skills: string[];
}

/** One queue as the caller finds it. ``why_empty`` is None while they may claim something; ``rates`` are measured, and ``estimated_wait_s`` is that of the last in line, None without a rate. ``quarantined`` are review ids. */
export interface CallersQueue {
  queue: string;
  waiting: number;
  by_priority: Record<string, number>;
  leased: number;
  oldest_opened_at: number | null;
  oldest_age_s: number | null;
  for_you: number;
  why_empty: WhyEmpty | NotPermitted | null;
  quarantined: string[];
  rates: Rates;
  estimated_wait_s: number | null;
}

/** A case, its input as readers may see it, and what became of it. ``outcome`` stands now, ``outcomes`` are all that the case has had and ``version`` their number. ``in_line`` is None for what does not wait. */
export interface CaseDecision {
  case_id: string;
  request_id: string;
  task: string;
  status: CaseStatus;
  outcome: PersonOutcome | OutcomeRecord | ModelOutcome | ClientOutcome | ClientRecord | null;
  prediction: string | null;
  prediction_probs: number[] | null;
  confidence: number | null;
  uncertainty: number | null;
  confidence_level: string | null;
  processing_time: number;
  route: TakenRoute;
  segment: string;
  rules: string[];
  is_high_risk: boolean;
  requires_compliance: boolean;
  certificate: string | null;
  raw_confidence: number | null;
  model_version: string | null;
  policy_version: string;
  generation: number;
  decision_url: string;
  features: unknown;
  metadata: unknown;
  review_id: string | null;
  outcomes: (OutcomeRecord | ModelOutcome | ClientRecord)[];
  version: number;
  history: Record<string, unknown>[];
  in_line: PlaceInLine | null;
}

/** Everybody who was shown the whole input of the case, oldest first. */
export interface CaseReveals {
  case_id: string;
  reveals: RevealNote[];
}

export type CaseState = "started" | "ai_processing" | "routing_decision" | "human_review" | "expert_review" | "completed" | "failed";

/** A case is provisional while its decision can still be undone, and withdrawn where its input was erased before one. */
export type CaseStatus = "pending_human" | "pending_expert" | "provisional" | "decided" | "withdrawn";

/** How a type of case is routed, kept with each case. A condition is ``{"field", "above" | "below" | "equals"}`` about the request: a case with one of ``high_risk`` goes to an expert, with one of ``compliance`` to a person. ``approves`` are the labels that may be approved without a person, None: all. */
export interface CaseTemplate {
  thresholds: ConfidenceBands;
  high_risk: Record<string, unknown>[];
  compliance: Record<string, unknown>[];
  approves: unknown[] | null;
  review_timeout_s: number;
}

/** A case on its way through prediction, routing and people. ``results`` are by the state that it was in; ``interaction_id`` is the people's part that is open. ``current_state`` and ``status`` repeat ``state``; ``decision_status`` is what it has come to, as clients of the documents know it. ``progress`` is in [0, 1]; ``estimated_completion`` is None before a case of the type was measured, and after the end. */
export interface CaseView {
  kind?: "case";
  workflow_id: string;
  type: string;
  template: CaseTemplate;
  request_data: Record<string, unknown>;
  started_by: string;
  created_at: number;
  updated_at: number;
  state: CaseState;
  context: Record<string, unknown>;
  results: Record<string, unknown>;
  transitions: Transition[];
  interaction_id: string | null;
  error: string | null;
  current_state: CaseState;
  status: CaseState;
  decision_status: string;
  progress: number;
  estimated_completion: number | null;
}

/** A vote that ``voter`` cast ``at`` UTC seconds for exactly ``digest``; ``option`` is the value that they chose. */
export interface CastVote {
  voter: string;
  vote: Ballot;
  digest: string;
  comment: string;
  at: number;
  option: string;
}

/** What may be automatic. ``models`` holds, by serving version and segment, what the answers prove now; ``certificates`` are those that the journal holds, newest last; ``audit`` is the probability in [0, 1] of a blind check, by segment. */
export interface CertificateOverview {
  task: string;
  risk: "uncertified" | Risk;
  stopped: Record<string, string>;
  audit: Record<string, number>;
  models: Record<string, Record<string, SegmentFinding>>;
  certificates: CertificateView[];
}

/** A certificate for the digest ``model``, in force since ``generation``, made ``at`` (UTC seconds). ``certificate`` is the digest of ``evidence``. */
export interface CertificateView {
  task: string;
  generation: number;
  model: string;
  certificate: string;
  evidence: Record<string, unknown>;
  at: number;
}

/** ``grid`` runs from the safest threshold to the riskiest; ``starts`` are (position, share of delta); ``pilot`` counts the cases or rows that fixed them, which ``source`` names. Only cases that came after ``since`` (UTC seconds) prove anything: 0 where the plan rests on no case of the traffic. */
export interface CertificationPlan {
  grid: number[];
  starts: [number, number][];
  pilot: number;
  since?: number;
  source?: string;
}

/** The outcome of people that stands, without their names and words. It can change until ``final_at``. */
export interface ClientOutcome {
  label: string;
  by: "person";
  confidence: number;
  decided_at: number;
  agrees_with_model: boolean | null;
  final_at: number;
}

/** What people made of a case at ``at``, without their names and words. */
export interface ClientRecord {
  label: string;
  by: "person";
  at: number;
}

/** Flagged cases and approvals of the UTC days ``from`` to ``to`` (both included; None: unbounded), by task and by name of the count. */
export interface ComplianceReport {
  from: string | null;
  to: string | null;
  tasks: Record<string, Record<string, ReportLine>>;
}

/** Probabilities: above ``automatic`` no person is needed, above ``review`` one in the ordinary order, above ``expert`` one soon; the rest goes to an expert. */
export interface ConfidenceBands {
  automatic: number;
  review: number;
  expert: number;
}

/** A page of deliveries of one status; ``counts`` are of all, by what happened to them since the first. */
export interface Deliveries {
  counts: Record<string, number>;
  deliveries: Delivery[];
}

/** ``id`` is the same in every attempt, so that a receiver can tell a repetition. ``body`` is what is sent as JSON; ``title`` its line for people. ``is_permanent`` of an error means that no further try can help. */
export interface Delivery {
  id: string;
  channel: string;
  kind: string;
  title: string;
  body: Record<string, unknown>;
  created_at: number;
  severity?: string;
  fallback?: string | null;
  status?: DeliveryStatus;
  attempts?: number;
  replays?: number;
  next_at?: number;
  last_error?: string | null;
  ended_at?: number | null;
}

/** The newest attempts, the last one first. */
export interface DeliveryLog {
  attempts: LoggedAttempt[];
}

export type DeliveryStatus = "waiting" | "delivered" | "dead";

export type Direction = "at_least" | "at_most";

/** An unfinished answer, any JSON object, as it was saved at ``at``. */
export interface Draft {
  draft: Record<string, unknown>;
  at: number;
}

/** The error of automatic decisions over time, by segment. ``alarm_at`` is the evidence at which automation stops, None for an uncertified task; ``missing`` says why there is no path, None where there is one. */
export interface DriftPaths {
  segments: Record<string, DriftStretch[]>;
  alarm_at: number | null;
  missing: string | null;
}

/** Blind checks so far (``audits``), the evidence of drift from them, and the evidence at which automation stops. */
export interface DriftProgress {
  audits: number;
  evidence: number;
  alarm_at: number;
}

/** The error rate in [0, 1] of successive checks, answered ``from`` one moment ``to`` another (UTC seconds); ``wrong`` of them were. ``evidence`` is the e-detector's value at the end, None where the risk has no level to hold it against. */
export interface DriftStretch {
  value: number | null;
  low: number;
  high: number | null;
  n: number;
  confidence: number;
  method: string;
  from: number;
  to: number;
  wrong: number;
  evidence: number | null;
}

/** Why a stage failed at its ``attempt``, what helps, and whether it is tried again or a person has a look. */
export interface FailureAnalysis {
  stage: string;
  stage_type: string;
  category: string;
  error: string;
  attempt: number;
  suggestion: string;
  willRetry: boolean;
  requiresHumanIntervention: boolean;
}

export type FlowStatus = "created" | "running" | "waiting_approval" | "completed" | "failed" | "cancelled";

/** The fields of the form as one person filled them in, and when (UTC seconds). */
export interface GivenAnswer {
  input: Record<string, unknown>;
  at: number;
}

/** A wish for rights that takes a second person until ``ends_at``. ``kind`` is ``account`` (it is to be as ``wish`` says) or ``key`` (it is to get one more key); ``status`` is ``open``, ``confirmed``, ``refused`` or ``expired``. */
export interface GrantView {
  grant_id: string;
  kind: string;
  wish: AccountView;
  status: string;
  asked_by: string;
  asked_at: number;
  ends_at: number;
  settled_by: string | null;
}

/** The grants of the last days, newest first. */
export interface Grants {
  grants: GrantView[];
}

/** What a vote does, in plain English: ``options`` a sentence for each option, ``votes`` who votes and when it is approved, ``silence`` what holds when nobody decides, ``deadline`` until when votes count. */
export interface InWords {
  options: string[];
  votes: string;
  silence: string;
  deadline: string;
}

/** The newest notices to the caller and to their roles, newest first; ``unread`` counts those without the caller's mark. */
export interface InboxPage {
  notices: Notice[];
  unread: number;
}

/** Interactions, newest first. */
export interface InteractionList {
  interactions: InteractionView[];
}

export type InteractionStatus = "pending" | "completed" | "expired" | "cancelled";

/** An interaction with every field. Times are UTC seconds. ``data`` is the pipeline's and ``human_input`` the people's, None without an answer. ``answers`` has each person's last answer; ``default_input`` is what the deadline answers; ``rule`` says how votes are counted; ``parent`` is the request for many approvals that this one belongs to; ``closed_by`` is a person, ``time``, or ``approval``. ``tally`` is None where nobody votes. */
export interface InteractionView {
  interaction_id: string;
  pattern: string;
  pipeline_name: string;
  step_name: string;
  step_status: string;
  task: string | null;
  workflow_id: string | null;
  parent: string | null;
  data: Record<string, unknown>;
  details: Record<string, unknown>;
  ui_schema: Record<string, unknown>;
  assignments: Assignment[];
  rule: string | null;
  default_input: Record<string, unknown> | null;
  priority: string;
  timeout_seconds: number;
  created_by: string;
  created_at: number;
  expires_at: number;
  status: InteractionStatus;
  answers: Record<string, GivenAnswer>;
  human_input: Record<string, unknown> | null;
  closed_by: string | null;
  completed_at: number | null;
  reason: string | null;
  tally: VoteTally | null;
}

/** ``low <= value <= high`` holds the true figure with probability ``confidence``; ``n`` labels support it. ``value`` is None, and the interval is all that is possible, when nothing was observed. */
export interface Interval {
  value: number | null;
  low: number;
  high: number;
  n: number;
  confidence: number;
  method: string;
}

/** ``triggered`` waits for its job to be submitted; the last two are final. */
export type JobStatus = "triggered" | "submitted" | "succeeded" | "failed";

/** A key without its secret; ``expires_at`` None: it works until it is revoked. */
export interface KeyView {
  key_id: string;
  account: string;
  created_at: number;
  expires_at: number | null;
}

/** What an answer is compared with: the true ``label``, the ``probability`` of having been asked, and what was ``suggested`` (None: asked blind). */
export interface KnownItem {
  label: string;
  probability: number;
  suggested: string | null;
}

/** ``points``, oldest first; ``missing`` says why there are none, None where there are. */
export interface LearningCurve {
  points: LearningPoint[];
  missing: string | null;
}

/** A version's accuracy in [0, 1] with its 95 % interval, when it first served at ``at`` (UTC seconds). ``labels`` are the rows it was trained on, ``n`` the held-out ones; ``held_out`` is their digest: points with another one were measured on other rows. */
export interface LearningPoint {
  model: string;
  at: number;
  labels: number;
  value: number;
  low: number;
  high: number;
  n: number;
  held_out: string | null;
}

/** An attempt in the log: the ``attempt``-th of the delivery ``id``, at ``at`` (UTC seconds), which took ``seconds``; ``status`` is the delivery's afterwards, ``error`` None where the channel took it. */
export interface LoggedAttempt {
  id: string;
  channel: string;
  at: number;
  seconds: number;
  attempt: number;
  status: DeliveryStatus;
  error: string | null;
}

/** ``value`` in ``unit`` (``share`` is in [0, 1], ``s`` seconds), from ``n`` observations; None where ``n`` is 0. ``definition`` says in words what is counted. */
export interface MetricFigure {
  value: number | null;
  n: number;
  unit: string;
  definition: string;
}

/** The model's decision, or an override's. */
export interface ModelOutcome {
  label: string;
  by?: "model" | "override";
}

/** Final decisions that equal the model's prediction (``agreed``), of those that can be compared. No quality figure: people saw the prediction. */
export interface ModelPerformance {
  agreed: number;
  compared: number;
}

/** The digest of a ``certificate``, the policy that it is about, and by segment the score from which cases are automatic, None where none is. */
export interface ModelThresholds {
  certificate?: string;
  policy_version?: string;
  segments?: Record<string, number | null>;
}

/** The reason for nothing is the caller's role or tasks. */
export interface NotPermitted {
  reason?: "permission";
}

/** A notice of ``at`` (UTC seconds) about ``kind``, with its fields in ``data``; ``is_read`` is the reader's own mark. */
export interface Notice {
  id: string;
  at: number;
  title: string;
  severity: string;
  kind: string;
  data: Record<string, unknown>;
  is_read?: boolean;
}

/** One message to one channel. */
export interface OneDelivery {
  delivery: Delivery;
}

/** An alert that was told and is not over. ``seq`` grows with each of its changes. */
export interface OpenAlert {
  rule: string;
  key: string;
  seq: number;
  fired_at: number;
  value: number;
  escalated_at?: number | null;
}

/** What people made of a case at ``at``. ``reviewers`` gave the label, ``reason`` is that of an amendment or a disagreement, else empty. */
export interface OutcomeRecord {
  label: string;
  by: "person";
  reviewers: string[];
  reason: string;
  at: number;
}

/** Overrides, oldest first. ``switched_off`` names the tasks whose overrides answer nothing, with the reason; ``switched_on`` says when those of a task were last allowed again (UTC seconds). */
export interface OverrideList {
  overrides: OverrideView[];
  switched_off: Record<string, string>;
  switched_on: Record<string, number>;
}

/** ``proposed`` answers nothing yet; ``revoked`` never again. */
export type OverrideStatus = "proposed" | "confirmed" | "revoked";

/** People decided the case ``override_id`` as ``label`` where the model said ``model_label``. ``confirmed_by`` are the people who said so, the first of them first. ``reason`` tells why it was revoked, None before. Times are UTC seconds. */
export interface OverrideView {
  override_id: string;
  task: string;
  label: string;
  model_label: string;
  proposed_at: number;
  expires_at: number;
  reason: string | null;
  confirmed_by: string[];
  status: OverrideStatus;
}

/** The share in [0, 1] of the ``n`` cases answered by both ``a`` and ``b`` on which they agree. */
export interface PairAgreement {
  value: number | null;
  low: number;
  high: number | null;
  n: number;
  confidence: number;
  method: string;
  a: string;
  b: string;
}

/** The interactions that wait for one person, oldest first. Changes after ``cursor`` are not in them. */
export interface PendingInteractions {
  interactions: InteractionView[];
  cursor: number;
}

/** Agreement between ``people``, those with the most answers first; ``alpha`` is Krippendorff's over all of them, at most 1 and 0 for what chance gives. ``missing`` says why there are no pairs, None where there are. */
export interface PeopleAgreement {
  people: string[];
  pairs: PairAgreement[];
  alpha: Interval;
  missing: string | null;
}

/** ``active_reviewers`` answered at least once; ``avg_review_time`` in seconds from a lease to its answer; ``sla_compliance`` the share in [0, 1] that was answered by its deadline. None where nothing was counted. */
export interface PeopleMetrics {
  active_reviewers: number | null;
  avg_review_time: number | null;
  sla_compliance: number | null;
}

/** Figures by task, of the UTC days ``from`` to ``to`` (both included); None for both: since the first entry. The task ``-`` stands for what belongs to none. */
export interface PeriodFigures {
  from: string | null;
  to: string | null;
  tasks: Record<string, TaskFigures>;
}

/** The outcome of people that stands, with what its review knows of it. ``reviewer`` gave the last answer, ``confidence`` in [0, 1] is theirs; ``agrees_with_model`` is None where no model had said anything. It can be undone until ``final_at``. */
export interface PersonOutcome {
  label: string;
  by: "person";
  reviewer: string;
  confidence: number;
  comment: string;
  decided_at: number;
  agrees_with_model: boolean | null;
  reviewers: string[];
  final_at: number;
}

/** Where the review stands over all shards, 1 being the next. The wait is at the queue's measured rate, None without one. */
export interface PlaceInLine {
  queue: string;
  position: number;
  time_in_queue_s: number;
  estimated_wait_s: number | null;
}

/** The ``generation`` of what serves a task, and its ``versions`` as in ServingView. */
export interface PointerView {
  generation: number;
  versions: [string, number][];
}

/** A policy that was adopted or came back at ``since`` (UTC seconds); ``policy`` None: the one of the configuration. */
export interface PolicyChange {
  generation: number;
  since: number | null;
  cause: string | null;
  approval_id: string | null;
  operator: string | null;
  reason: string | null;
  policy: Record<string, unknown> | null;
}

/** Every change of the task's policy, oldest first. */
export interface PolicyHistory {
  task: string;
  history: PolicyChange[];
}

/** A policy that watches: ``routes`` counts its ``cases`` by ``taken>would``. */
export interface PolicyShadow {
  route_disagreement: Interval;
  in_force: RouteSide;
  watching: RouteSide;
  cases: number;
  routes: Record<string, number>;
}

/** From the most pressing; FIFO within each. */
export type Priority = "urgent" | "high" | "normal" | "low";

/** Counts of routed cases; ``automation_rate`` in [0, 1] and the smoothed processing time in milliseconds, None before the first case. */
export interface ProcessingMetrics {
  total_decisions: number;
  automated_decisions: number;
  human_reviews: number;
  expert_escalations: number;
  automation_rate: number | null;
  avg_processing_time_ms: number | null;
}

/** An interval as it is published: ``high`` None where it has no end, ``value`` None where nothing was observed. */
export interface PublishedFigure {
  value: number | null;
  low: number;
  high: number | null;
  n: number;
  confidence: number;
  method: string;
}

/** ``by_priority`` counts what waits of each priority, ``leased`` what people hold. The oldest is None in an empty queue. */
export interface QueueDepth {
  waiting: number;
  by_priority: Record<string, number>;
  leased: number;
  oldest_opened_at: number | null;
  oldest_age_s: number | null;
}

/** Every queue of every task, by its name. */
export interface QueueDepths {
  queues: Record<string, QueueDepth>;
}

/** How many people answer, until ``until`` (ISO 8601, UTC), what waits and what will arrive; None while nobody's speed is known. ``text`` says it in words. */
export interface QueueForecast {
  queue: string;
  waiting: number;
  rates: Rates;
  reviewers_needed: number | null;
  until: string;
  text: string;
}

/** Reviews that wait for a person, in all and by priority. */
export interface QueueStatus {
  total_pending: number;
  by_priority: Record<string, number>;
}

/** Per second; None where fewer than two events were seen. ``handling_s`` is the mean time a person needs. */
export interface Rates {
  arrivals_per_s: number | null;
  answers_per_s: number | null;
  handling_s: number | null;
}

/** The people in ``tell``, the members of ``groups``, hear of a rejection, by the configured ``rule``. */
export interface RejectionTelling {
  rule: string;
  groups: string[];
  tell: string[];
}

/** Calibration: the bins that hold an answer, from low to high, and ``ece``, the expected calibration error in [0, 1]. */
export interface Reliability {
  bins: CalibrationBin[];
  ece: Interval;
}

/** One count of a task. Where it is a share of another count, ``n`` is that count and ``share`` lies in [0, 1] (None of nothing); otherwise both are None. ``definition`` says in words what is counted. */
export interface ReportLine {
  count: number;
  share: number | null;
  n: number | null;
  definition: string;
}

/** Where an approval stands; MOVES tells what may follow. */
export type RequestStatus = "pending" | "approved" | "rejected" | "expired" | "cancelled" | "deployed" | "failed";

/** Retrainings, oldest first. */
export interface RetrainingList {
  retrainings: RetrainingView[];
}

/** A retraining of ``task``, once for ``key``. ``reason`` is for people, ``manifest`` what the trigger saw. ``job_id`` is None before the job is submitted; ``detail`` is its last line or its error; ``settled_at`` is None while the job may still run. Times are UTC seconds. */
export interface RetrainingView {
  key: string;
  task: string;
  reason: string;
  manifest: Record<string, unknown>;
  triggered_at: number;
  job_id: string | null;
  detail: string | null;
  settled_at: number | null;
  status: JobStatus;
}

/** Who was shown what is sealed, when and why; ``kind`` is ``case`` or ``approval``. */
export interface RevealNote {
  kind: string;
  task: string | null;
  by: string;
  reason: string;
  at: number;
}

/** What one person said at ``at``; ``confidence`` in [0, 1] is their own. */
export interface ReviewAnswer {
  reviewer: string;
  label: string;
  confidence: number;
  comment: string;
  at: number;
  is_expert?: boolean;
}

/** What the answers of a review came to. ``reviewer`` gave the last one; ``agrees_with_model`` is None where no model had said anything. It can be undone until ``final_at``. */
export interface ReviewDecision {
  label: string;
  reviewer: string;
  confidence: number;
  comment: string;
  decided_at: number;
  agrees_with_model: boolean | null;
  reviewers: string[];
  final_at: number;
}

/** The exclusive right to answer. ``id`` grows with every grant of the shard; it ends ``lease_s`` after the last heartbeat. */
export interface ReviewLease {
  id: number;
  reviewer: string;
  lease_s: number;
  granted_at: number;
}

/** The reviews of a task that teach its model the most, the most wanted first, chosen of ``total_unlabeled``; ``annotation_efficiency`` is the share of those that is suggested. */
export interface ReviewSuggestions {
  task: string;
  suggestions: SuggestedReview[];
  strategy_used: string;
  total_unlabeled: number;
  annotation_efficiency: number;
}

/** One work item. ``position`` is the case's place in the intake; ``reason`` is the route's, ``escalation`` why it went to the experts since. ``assigned`` names who alone may take it, ``reopens`` the decided review that it takes up again, ``skipped`` who passed it on, ``barred`` who must not answer it, ``preferred`` whose answer would tell most. The model's suggestion, and what tells a check, are None or empty where they are hidden or there was no model: ``confidence`` and ``uncertainty`` in [0, 1], ``probabilities`` in the order of the task's labels. ``is_automatic``: the model's decision stands until people disagree. ``gold_probability`` and ``audit_probability`` are those of being checked. What has a default may be absent in the answers of old journals. */
export interface ReviewView {
  case_id: string;
  review_id: string;
  task: string;
  client: string;
  queue: string;
  priority: Priority;
  position: number;
  opened_at: number;
  due_at: number;
  prediction: string | null;
  confidence: number | null;
  uncertainty: number | null;
  confidence_level: string | null;
  reason: string;
  model_version: string | null;
  policy_version: string;
  payload_digest: string;
  status: "waiting" | "leased" | "provisional" | "decided" | "quarantined" | "withdrawn";
  lease: ReviewLease | null;
  outcome: ReviewDecision | null;
  history: Record<string, unknown>[];
  purpose?: "review" | "audit" | "gold" | "known" | null;
  blind?: boolean;
  is_automatic?: boolean | null;
  streams?: string[];
  probabilities?: number[] | null;
  gold_probability?: number | null;
  audit_probability?: number | null;
  segment?: string;
  rules?: string[];
  warn_at?: number | null;
  assigned?: string | null;
  reopens?: string | null;
  escalation?: string | null;
  known?: KnownItem | null;
  known_probability?: number;
  barred?: string[];
  preferred?: string | null;
  is_due_soon?: boolean;
  is_overdue?: boolean;
  failures?: number;
  skipped?: string[];
  drafts?: Record<string, Draft>;
  answers?: ReviewAnswer[];
  outcomes?: OutcomeRecord[];
}

/** One reviewer's figures, each with its interval; ``answers`` were given, ``tests`` of them to cases with a known answer. ``error`` is the error rate in [0, 1] on cases whose truth is known, and ``has_drifted`` tells whether they prove one above what is tolerated. ``rubber_stamping`` is how much more often the reviewer agrees with the model when its answer is shown. ``planted_wrong_confirmed`` and ``shown_right_confirmed`` are the shares of wrong and of right suggestions that the reviewer confirmed; ``discernment`` is their difference. ``confusion`` counts answers by truth, then by answer. */
export interface ReviewerFigures {
  answers: number;
  tests: number;
  error: Interval;
  has_drifted: boolean;
  rubber_stamping: Interval;
  planted_wrong_confirmed: Interval;
  shown_right_confirmed: Interval;
  discernment: Interval;
  confusion: Record<string, Record<string, number>>;
}

/** ``segments`` may have levels of their own, by a segment's whole name or one part of it. A check of an automatic decision that nobody has answered after ``maturity_hours`` counts as wrong for the alarm; 0 stands for 48 hours. Certificates count every case that waits as wrong from the start. */
export interface Risk {
  level: number;
  confidence?: number;
  segments?: Record<string, RiskTerms>;
  maturity_hours?: number;
}

/** Deciding alone at ``threshold`` and above: the ``coverage`` of all cases in [0, 1], and the error rate (``risk``) there. */
export interface RiskPoint {
  threshold: number;
  coverage: number;
  risk: Interval;
}

/** Among automatic decisions at most the share ``level`` may be wrong, with probability ``confidence``. */
export interface RiskTerms {
  level: number;
  confidence?: number;
}

/** What one of two ways to route does with the same cases: the share that is automatic, how many people look at, and the hours that takes them, None where nobody has answered yet. */
export interface RouteSide {
  automation: Interval;
  to_people: number;
  reviewer_hours: number | null;
}

/** Totals and means of runs: seconds of ``execution_time``, ``success_rate`` in per cent of those that ended, confidence in [0, 1], cost in the configured currency. A mean of nothing is None. */
export interface RunSummary {
  total_runs: number;
  avg_execution_time: number | null;
  success_rate: number | null;
  avg_confidence: number | null;
  total_cost: number;
}

/** At ``at`` the people in ``ask``, the members of ``groups``, may vote too, by the configured ``rule``. */
export interface ScheduledEscalation {
  do: "escalate";
  at: number;
  rule: string;
  groups: string[];
  ask: string[];
}

/** At ``at`` everybody who has not voted is reminded. */
export interface ScheduledReminder {
  do: "remind";
  at: number;
}

/** The progress of a segment's certificate, beside the threshold that is ``in_force``, why nothing is automatic (``stopped``), since when answers count (UTC seconds), and the probability in [0, 1] of a blind check. ``gold`` is the former name of ``random_answers``. */
export interface SegmentFinding {
  threshold: number | null;
  labels: number;
  errors: number;
  low: number;
  high: number;
  coverage: number;
  random_answers: number;
  waiting: number;
  missing: number | null;
  reason: string;
  data: string;
  plan: CertificationPlan | null;
  in_force: number | null;
  stopped: string | null;
  since: number;
  risk: SegmentRisk;
  drift: DriftProgress;
  audit_probability: number;
  gold: number;
}

/** Among a segment's automatic decisions at most ``level`` may be wrong, with probability ``confidence``; both in (0, 1). */
export interface SegmentRisk {
  level: number;
  confidence: number;
}

/** What serves, by the ``generation`` of the last change: no versions until the first model is approved. ``thresholds`` are the certified ones by digest, ``stopped`` says by segment why nothing is automatic there. */
export interface ServedModels {
  generation: number;
  versions: ServedVersion[];
  thresholds: Record<string, ModelThresholds>;
  stopped: Record<string, string>;
}

/** A task and what serves it; ``serving`` is None before the first model. */
export interface ServedTask {
  task: string;
  title: string;
  description: string;
  labels: string[];
  serving: PointerView | null;
}

/** The tasks that the caller may know of, by name. */
export interface ServedTasks {
  tasks: ServedTask[];
}

/** A model by the digest of its bytes, and its share of the traffic in [0, 1]. */
export interface ServedVersion {
  digest: string;
  share: number;
}

/** For callers who may know of every task: also the counts of the outbox, by what happened to deliveries. */
export interface ServiceAndOutboxMetrics {
  reviews: Record<string, Record<string, number>>;
  queues: Record<string, unknown>;
  leased: number;
  approvals: Record<string, number>;
  serving: Record<string, PointerView>;
  outbox: Record<string, number>;
}

/** The process answers. */
export interface ServiceHealth {
  status?: "ok";
}

/** Counts since the first entry of the journals, of the tasks that the caller may know of. ``reviews`` are counters by task, ``queues`` the state of each queue, ``approvals`` counts by status, ``serving`` what serves by task; ``leased`` reviews are held by somebody now. */
export interface ServiceMetrics {
  reviews: Record<string, Record<string, number>>;
  queues: Record<string, unknown>;
  leased: number;
  approvals: Record<string, number>;
  serving: Record<string, PointerView>;
}

/** The store and every shard answer. */
export interface ServiceReady {
  status?: "ready";
}

/** What serves ``task`` from ``since`` (UTC seconds) on, with all that is in force beside it. ``generation`` counts the task's serving events, 0 before the first. ``versions`` are pairs of a model's digest and its share; the shares add up to 1. ``cause`` is the type of the serving event, ``approval_id`` the approval of the main model, or of the policy that was adopted. ``operator`` and ``reason`` tell who went back to an earlier version, and why. The fields after them are those of hitl.serving.in_force.InForce. */
export interface ServingView {
  task: string;
  generation: number;
  versions: [string, number][];
  since: number | null;
  approval_id: string | null;
  cause: string | null;
  operator: string | null;
  reason: string | null;
  policy: Record<string, unknown> | null;
  thresholds: Record<string, ModelThresholds>;
  stopped: Record<string, string>;
  audit: Record<string, number>;
  prices: Record<string, number>;
  shadow: Watching;
}

/** A session, last used at about ``seen_at``; it ends ``idle_s`` seconds after that, at the latest at ``ends_at``. */
export interface SessionView {
  account: string;
  created_at: number;
  seen_at: number;
  session: string;
  idle_s: number;
  ends_at: number;
}

/** Open sessions, oldest first. */
export interface Sessions {
  sessions: SessionView[];
}

/** The compared state of a shard after the entry ``seq`` of its journal, whose hash is ``hash``. */
export interface ShardState {
  seq: number;
  hash: string;
  state: Record<string, unknown>;
}

/** A shard that answers. Its journal ends at ``seq`` with ``hash``; ``epoch`` grows with each process that writes it. ``waiting`` counts commands that wait to be decided, ``pid`` is its process; ``failure`` says what keeps it from serving, ``troubles`` by part what else is wrong. */
export interface ShardStatus {
  shard: string;
  phase: string;
  epoch: number;
  seq: number;
  hash: string;
  waiting?: number;
  pid?: number | null;
  failure?: string | null;
  troubles?: Record<string, string>;
}

/** Every shard of the service. */
export interface ShardStatuses {
  shards: (ShardStatus | UnreachableShard)[];
}

/** One approval. */
export interface ShownApproval {
  approval: ApprovalView;
}

/** One review, as its viewer may see it. */
export interface ShownReview {
  review: ReviewView;
}

/** The option that holds at the deadline, and why, in words. */
export interface SilentDefault {
  option: string;
  reason: string;
}

/** A stage as its workflow is created: with its defaults, and whether a person approves it. */
export interface StagePlan {
  name: string;
  type: string;
  config: Record<string, unknown>;
  approvalRequired: boolean;
}

export type StageStatus = "pending" | "ready" | "running" | "awaiting_approval" | "completed" | "failed";

/** A stage. ``attempt`` counts who took it; only the last taker, ``worker``, may report. ``is_stuck``: it takes too long. */
export interface StageView {
  name: string;
  type: string;
  config: Record<string, unknown>;
  approvalRequired: boolean;
  status: StageStatus;
  attempt: number;
  worker: string | null;
  started_at: number | null;
  completed_at: number | null;
  is_stuck: boolean;
  result: Record<string, unknown> | null;
  error: string | null;
}

/** A workflow of stages. ``analysis`` says why it failed; ``interaction_id`` is the question that it waits for. ``progress`` is the share of completed stages; ``estimated_completion`` is None before a workflow was measured, and while this one does not run. ``is_stuck``: a running stage takes too long. */
export interface StagedWorkflow {
  kind?: "stages";
  workflow_id: string;
  name: string;
  description: string;
  experimentName: string;
  modelName: string;
  created_by: string;
  approvers: string[];
  stages: StageView[];
  created_at: number;
  updated_at: number;
  status: FlowStatus;
  started_at: number | null;
  interaction_id: string | null;
  analysis: FailureAnalysis | null;
  error: string | null;
  progress: number;
  estimated_completion: number | null;
  is_stuck: boolean;
}

/** The alerts that were told and are not over, by name. */
export interface StandingAlerts {
  alerts: OpenAlert[];
}

/** The status of an interaction, also of one that is over. Times are ISO 8601 with their offset. */
export interface StatusResponse {
  interaction_id: string;
  status: InteractionStatus;
  created_at: string;
  expires_at: string;
}

/** A waiting review to label. ``index`` is its place in the pool that was looked at, ``suggested_priority`` the higher the more it is wanted. ``uncertainty_score`` is the entropy in nats of what the model said; ``predicted_class`` and ``prediction_confidence`` (in [0, 1]) are None in a blind task. ``chosen_by`` is the strategy, or ``uniform`` for a random one, which alone has a ``probability`` of having been drawn. */
export interface SuggestedReview {
  index: number;
  review_id: string;
  predicted_class: string | null;
  prediction_confidence: number | null;
  uncertainty_score: number;
  suggested_priority: number;
  chosen_by: string;
  probability: number | null;
}

/** The documents' system metrics over the caller's tasks, since the first entry. */
export interface SystemMetrics {
  processing_metrics: ProcessingMetrics;
  queue_status: QueueStatus;
  model_performance: ModelPerformance;
  system_health: PeopleMetrics;
}

/** Who decides the case, and why; ``priority`` is None where the model does. */
export interface TakenRoute {
  action: Action;
  reason: string;
  priority: Priority | null;
}

/** What the votes add up to now. ``need`` is the weight that approves, ``by_option`` the weight of each option. ``leading`` is the option that leads, ``missing`` the votes that groups have yet to give, ``waiting_for`` who is asked by name and has not voted. */
export interface Tally {
  rule: string;
  need: number;
  by_option: Record<string, number>;
  leading: string | null;
  missing: Record<string, number>;
  waiting_for: string[];
  votes: number;
}

/** A figure beside its ``target``, both in ``unit``. ``direction`` is at_least or at_most; ``verdict`` is met, missed or not enough evidence; ``quoted`` is what the documents report of their own system, and no target. */
export interface TargetVerdict {
  value: number | null;
  low: number;
  high: number | null;
  n: number;
  confidence: number;
  method: string;
  name: string;
  direction: Direction;
  target: number;
  unit: string;
  meaning: string;
  quoted: number | null;
  verdict: Verdict;
}

/** Each target with its figure and verdict, by task. */
export interface TargetVerdicts {
  tasks: Record<string, TargetVerdict[]>;
}

/** How far the reviewers of a task agree. */
export interface TaskAgreement {
  cases: number;
  raw: Interval;
  alpha: Interval;
  blind: AgreementFigures;
  segments: Record<string, AgreementFigures>;
  task: string;
}

/** The figures behind a task's charts, of the version that decides the most cases (``model``, None before the first). ``live`` are the thresholds in force by segment, None where nothing is automatic; ``cases_per_hour`` is the pace of the newest days, None before the first case. */
export interface TaskCurves {
  labels: number;
  risk_coverage: RiskPoint[];
  reliability: Reliability;
  missing: string | null;
  task: string;
  model: string | null;
  live: Record<string, number | null>;
  cases_per_hour: number | null;
  learning: LearningCurve;
  agreement: PeopleAgreement;
  drift: DriftPaths;
  waiting: WaitingTimes;
}

/** Every figure of one task by its name, and the counters behind them. */
export interface TaskFigures {
  figures: Record<string, MetricFigure>;
  counters: Record<string, number>;
}

/** A task in a list; ``url`` is the path of all that clients may know of it. */
export interface TaskLine {
  task: string;
  title: string;
  url: string;
}

/** The tasks that the caller may see, by name. */
export interface TaskList {
  tasks: TaskLine[];
}

/** The policy in force and its version, the digest of its body. The other fields are those of ServingView. */
export interface TaskPolicy {
  task: string;
  version: string;
  source: "configured" | "approved";
  policy: Record<string, unknown>;
  generation: number;
  thresholds: Record<string, ModelThresholds>;
  stopped: Record<string, string>;
  audit: Record<string, number>;
  prices: Record<string, number>;
  shadow: Watching;
}

/** A task's published figures, beside its risk level; ``stopped`` says by segment why nothing is automatic there, and ``unanswered`` how many blind checks lack an answer. */
export interface TaskQuality {
  figures: Record<string, PublishedFigure>;
  targets: TargetVerdict[];
  segments: Record<string, Record<string, PublishedFigure>>;
  groups: Record<string, Record<string, Record<string, PublishedFigure>>>;
  days: (Record<string, number | PublishedFigure>)[];
  task: string;
  risk: "uncertified" | Risk;
  stopped: Record<string, string>;
  unanswered: UnansweredChecks;
}

/** The figures of each person who answers cases of the task, by name. */
export interface TaskReviewers {
  task: string;
  reviewers: Record<string, ReviewerFigures>;
}

/** What serves the task now, and all that ever did, oldest first. */
export interface TaskServing {
  task: string;
  serving: ServingView;
  history: ServingView[];
}

/** What served the task at ``time``, as the caller wrote it. */
export interface TaskServingAt {
  task: string;
  time: string;
  serving: ServingView;
}

/** What watches a task beside what serves it. A challenger sees the ``share`` of the cases in [0, 1]; None: no model may watch. */
export interface TaskShadows {
  model: string | null;
  models: Record<string, WatchingModel>;
  policy: Record<string, unknown> | null;
  policies: Record<string, PolicyShadow>;
  task: string;
  share: number | null;
}

/** A task for its clients. ``input`` is the schema of ``features``; ``policy`` is the one in force, with its ``version`` and whether people approved it (``is_approved``) or it is the task file's; ``risk`` is the policy's own. */
export interface TaskView {
  task: string;
  title: string;
  url: string;
  description: string;
  labels: string[];
  input: Record<string, unknown>;
  risk: Record<string, unknown> | string | null;
  policy: Record<string, unknown>;
  serving: ServedModels;
  decisions_url: string;
}

/** A feature (``key``) and the name of its experiment; ``experiment_id`` None: not created yet. */
export interface TrackedExperiment {
  key: string;
  name: string;
  experiment_id: string | null;
}

/** Configured features first, then what else is there. ``enabled``: whether anything is tracked. */
export interface TrackedExperiments {
  enabled: boolean;
  tracking_uri: string;
  experiments: TrackedExperiment[];
}

/** The summary of a feature's runs; ``feature`` None: of all. */
export interface TrackedMetrics {
  feature: string | null;
  metrics: RunSummary;
}

/** Runs, newest first, under MLflow's flat names (RunRow.flat); ``feature`` None: of all. */
export interface TrackedRuns {
  feature: string | null;
  runs: (Record<string, string | number>)[];
}

/** Something that a person should look at. */
export interface TrackingAlert {
  name: string;
  message: string;
}

/** ``traces`` wait in memory and ``bytes`` on disk; ``dropped`` and ``rejected`` traces since the start. */
export interface TrackingBuffer {
  traces: number;
  bytes: number;
  dropped: number;
  rejected: number;
}

/** The disk of the buffer; ``free_percent`` in [0, 100], None for a disk without a size. */
export interface TrackingDisk {
  total_bytes: number;
  free_bytes: number;
  free_percent: number | null;
}

/** ``status``: healthy, degraded (a person should look), unreachable or disabled; alerts stand worst first. */
export interface TrackingHealth {
  status: "healthy" | "degraded" | "unreachable" | "disabled";
  enabled: boolean;
  tracking_uri: string;
  mlflow: TrackingServer;
  database: TrackingPart;
  artifact_store: TrackingPart;
  disk: TrackingDisk;
  buffer: TrackingBuffer;
  alerts: TrackingAlert[];
}

/** The database or the artifact store; ``error`` None: it answers. */
export interface TrackingPart {
  reachable: boolean;
  error: string | null;
}

/** ``latency_s`` is the seconds of a request; None, as ``version``, where it does not answer. */
export interface TrackingServer {
  reachable: boolean;
  version: string | null;
  latency_s: number | null;
}

/** A decided case with its input; ``features`` has the form that the task declares. ``model_version`` is the digest of the model that predicted, None without one. */
export interface TrainingExample {
  case_id: string;
  review_id: string;
  position: number;
  prediction: string | null;
  purpose: string;
  streams: string[];
  label: string;
  reviewer: string;
  confidence: number;
  decided_at: number;
  agrees_with_model: boolean | null;
  features: unknown;
  model_version?: string | null;
  weight?: number;
}

/** ``next`` is the cursor of the next page: the positions read in each partition, joined by dots. */
export interface TrainingExamples {
  examples: TrainingExample[];
  next: string;
}

/** A move of a case by ``trigger``; ``timestamp`` is UTC seconds. */
export interface Transition {
  from_state: CaseState;
  to_state: CaseState;
  trigger: string;
  timestamp: number;
}

/** Counts of the automatic decisions drawn for a blind check; ``overripe`` are open ones of days that are mature. ``at_worst`` is the error rate of the mature ones if all overripe ones were wrong, with its exact interval. */
export interface UnansweredChecks {
  drawn: number;
  answered: number;
  open: number;
  overripe: number;
  at_worst: Interval;
}

/** A shard that does not answer. */
export interface UnreachableShard {
  shard: string;
  phase?: "unreachable";
}

export type Verdict = "met" | "missed" | "not enough evidence";

/** One shard's journal, walked from its beginning: ``entries`` hold; ``head`` is the hash of the last one, None where the chain is broken, and ``problem`` then says where. */
export interface VerifiedChain {
  shard: string;
  holds: boolean;
  entries: number;
  head: string | null;
  problem: string | null;
}

/** The chain of every shard. */
export interface VerifiedChains {
  shards: VerifiedChain[];
}

/** The live count of an interaction that people vote on: votes by option, who has not voted, and the option that has won (None while it is open). */
export interface VoteTally {
  rule: string;
  counts: Record<string, number>;
  missing: string[];
  verdict: string | null;
}

/** How votes count. ``need`` is the weight that approves; ``requires`` the votes of each group that must be among them. ``groups`` lists people by group, ``weights`` those whose vote does not weigh 1. ``veto`` names people and groups whose one rejection ends it (``*``: everybody's); ``excluded`` may not vote. */
export interface VotingPolicy {
  rule: string;
  need: number;
  requires: Record<string, number>;
  groups: Record<string, string[]>;
  weights: Record<string, number>;
  veto: string[];
  excluded: string[];
}

/** The seconds within which the ``share`` of cases was answered. */
export interface WaitQuantile {
  value: number | null;
  low: number;
  high: number | null;
  n: number;
  confidence: number;
  method: string;
  share: number;
}

/** Reviews in the order of claims; ``has_more``: there is a page behind this one. */
export interface WaitingPage {
  reviews: WaitingReview[];
  has_more: boolean;
}

/** A review that nobody holds; a lower ``rank`` is more pressing, 0 the most. */
export interface WaitingReview {
  case_id: string;
  review_id: string;
  task: string;
  client: string;
  queue: string;
  priority: Priority;
  position: number;
  opened_at: number;
  due_at: number;
  prediction: string | null;
  confidence: number | null;
  uncertainty: number | null;
  confidence_level: string | null;
  reason: string;
  model_version: string | null;
  policy_version: string;
  payload_digest: string;
  status: "waiting" | "leased" | "provisional" | "decided" | "quarantined" | "withdrawn";
  lease: ReviewLease | null;
  outcome: ReviewDecision | null;
  history: Record<string, unknown>[];
  purpose?: "review" | "audit" | "gold" | "known" | null;
  blind?: boolean;
  is_automatic?: boolean | null;
  streams?: string[];
  probabilities?: number[] | null;
  gold_probability?: number | null;
  audit_probability?: number | null;
  segment?: string;
  rules?: string[];
  warn_at?: number | null;
  assigned?: string | null;
  reopens?: string | null;
  escalation?: string | null;
  known?: KnownItem | null;
  known_probability?: number;
  barred?: string[];
  preferred?: string | null;
  is_due_soon?: boolean;
  is_overdue?: boolean;
  failures?: number;
  skipped?: string[];
  drafts?: Record<string, Draft>;
  answers?: ReviewAnswer[];
  outcomes?: OutcomeRecord[];
  time_in_queue_s: number;
  rank: number;
}

/** ``percentiles`` of the seconds from a review's opening to its last answer; ``in_time`` is the share in [0, 1] answered by the deadline, by priority. ``missing`` says why there are none, None where there are. */
export interface WaitingTimes {
  percentiles: WaitQuantile[];
  in_time: Record<string, Interval>;
  missing: string | null;
}

/** The ``policy`` (a body) and the ``model`` (a digest) that watch; each is absent where none does. */
export interface Watching {
  policy?: Record<string, unknown>;
  model?: string;
}

/** A model that watches the cases up to ``read`` (partition: position), from ``since`` to ``at`` (UTC seconds), with its counts and rates: as if the thresholds of what serves were its own. */
export interface WatchingModel {
  cases: number;
  agreed: number;
  failed: number;
  dropped: number;
  routes: Record<string, number>;
  champions: Record<string, number>;
  disagreement: Interval;
  failing: Interval;
  route_disagreement: Interval;
  in_force: RouteSide;
  watching: RouteSide;
  since: number;
  at: number;
  read: Record<string, number>;
}

/** Why a person may take nothing of a queue: they have answered or skipped all that waits, the rest is assigned to others, everything is leased (until ``until`` at the latest known, None: no lease) or in quarantine, or there is none. */
export interface WhyEmpty {
  reason: "answered" | "skipped" | "others" | "leased" | "quarantined" | "none";
  waiting: number;
  leased: number;
  until: number | null;
  quarantined: number;
}

/** Counts, rates and times of all cases and workflows. Times are seconds by what was measured: ``review``, ``workflow`` and ``case:<type>``. The rates are in [0, 1] and of all routed cases, finished or not; None before the first. */
export interface WorkflowAnalytics {
  total_workflows: number;
  workflows_by_type: Record<string, number>;
  workflows_by_state: Record<string, number>;
  avg_processing_times: Record<string, number>;
  moving_avg_processing_times: Record<string, number>;
  automation_rate: number | null;
  human_review_rate: number | null;
  stuck_workflows: number;
  interactions_by_status: Record<string, number>;
  pending_interactions: number;
}

/** Workflows of stages and after them cases, each newest first. */
export interface WorkflowList {
  workflows: (CaseView | StagedWorkflow)[];
}

/** The templates of cases by type, and all stages with their defaults, in order. */
export interface WorkflowTemplates {
  cases: Record<string, CaseTemplate>;
  stages: StagePlan[];
}

/** What GET answers, by route. */
export interface Answers {
  "/api/v1/mlflow/tracking/experiments/": TrackedExperiments;
  "/api/v1/mlflow/tracking/health/": TrackingHealth;
  "/api/v1/mlflow/tracking/metrics/": TrackedMetrics;
  "/api/v1/mlflow/tracking/runs/": TrackedRuns;
  "/health": ServiceHealth;
  "/hitl/status/{interaction_id}": StatusResponse;
  "/ready": ServiceReady;
  "/v1/accounts": Accounts;
  "/v1/accounts/{account}/keys": AccountKeys;
  "/v1/alerts": StandingAlerts;
  "/v1/approvals": ApprovalPage;
  "/v1/approvals/metrics": ApprovalFigures;
  "/v1/approvals/{approval_id}": ShownApproval;
  "/v1/approvals/{approval_id}/audit": ApprovalTrail;
  "/v1/approvals/{approval_id}/reveals": ApprovalReveals;
  "/v1/audit/report": ComplianceReport;
  "/v1/audit/verify": VerifiedChains;
  "/v1/cases/{case_id}/reveals": CaseReveals;
  "/v1/decisions/{case_id}": CaseDecision | BlindCase;
  "/v1/examples": TrainingExamples;
  "/v1/grants": Grants;
  "/v1/inbox": InboxPage;
  "/v1/interactions": InteractionList;
  "/v1/interactions/pending": PendingInteractions;
  "/v1/interactions/{interaction_id}": InteractionView;
  "/v1/journal": ShardStatuses;
  "/v1/journal/{shard}/state": ShardState;
  "/v1/metrics": ServiceMetrics | ServiceAndOutboxMetrics;
  "/v1/metrics/figures": PeriodFigures;
  "/v1/metrics/system": SystemMetrics;
  "/v1/models": ServedTasks;
  "/v1/models/{task}": TaskServing;
  "/v1/models/{task}/at": TaskServingAt;
  "/v1/outbox": Deliveries;
  "/v1/outbox/log": DeliveryLog;
  "/v1/outbox/{delivery_id}": OneDelivery;
  "/v1/overrides": OverrideList;
  "/v1/policies/{task}": TaskPolicy;
  "/v1/policies/{task}/history": PolicyHistory;
  "/v1/quality/{task}": TaskQuality;
  "/v1/quality/{task}/agreement": TaskAgreement;
  "/v1/quality/{task}/certificate": CertificateOverview;
  "/v1/quality/{task}/curves": TaskCurves;
  "/v1/quality/{task}/reviewers": TaskReviewers;
  "/v1/quality/{task}/shadow": TaskShadows;
  "/v1/queues": QueueDepths;
  "/v1/queues/{queue}": CallersQueue;
  "/v1/queues/{queue}/forecast": QueueForecast;
  "/v1/queues/{queue}/reviews": WaitingPage;
  "/v1/reviews/{review_id}": ShownReview;
  "/v1/session": CallerView;
  "/v1/sessions": Sessions;
  "/v1/suggestions/{task}": ReviewSuggestions;
  "/v1/targets": TargetVerdicts;
  "/v1/tasks": TaskList;
  "/v1/tasks/{task}": TaskView;
  "/v1/triggers": RetrainingList;
  "/v1/workflows": WorkflowList;
  "/v1/workflows/analytics": WorkflowAnalytics;
  "/v1/workflows/templates": WorkflowTemplates;
  "/v1/workflows/{workflow_id}": CaseView | StagedWorkflow;
}
