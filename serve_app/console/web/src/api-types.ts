// Written by `python docs/make_api_types.py` from the OpenAPI document of serve_app.api; a test compares.

/** Away until ``until`` (ISO 8601 with its offset; a time that has passed: back again). Without a ``deputy`` the next configured people are asked. ``person`` is the caller where it is left out. */
export interface AbsenceBody {
  until: string;
  deputy?: string | null;
  person?: string | null;
}

/** The answer has taken effect. */
export interface AcceptedResponse {
  status: string;
  message: string;
}

/** All of what the account may do from now on; ``tasks`` and ``queues`` empty: every one. */
export interface AccountBody {
  roles: ("client" | "declarer" | "reviewer" | "expert" | "approver" | "trainer" | "operator" | "admin")[];
  tasks?: string[];
  queues?: string[];
  skills?: string[];
  is_disabled?: boolean;
}

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

/** Over ``cases`` with two answers or more: the ``raw`` share of pairs that agree in [0, 1], on a scale also those as near as the task counts as right, and Krippendorff's ``alpha``, at most 1 and 0 for what chance gives; each interval by resampling cases. */
export interface AgreementFigures {
  cases: number;
  raw: Interval;
  alpha: Interval;
}

export interface AmendBody {
  label: string;
  reason: string;
}

/** A final decision whose label was ``was`` and is ``label`` now, by whoever amended it. */
export interface AmendedDecision {
  case_id: string;
  review_id: string;
  label: string;
  was: string;
  by: string;
}

/** The fields of the interaction's ``ui_schema``. */
export interface AnswerBody {
  user_input: Record<string, unknown>;
}

/** Whether the interaction is over (``status``), and whether the one that it is a part of is (``is_decided``), with the ``decision`` field of its input; None without one. */
export interface AnsweredInteraction {
  interaction_id: string;
  status: string;
  is_decided: boolean;
  decision: unknown;
}

/** A request. A model's or a policy's names its ``task`` and the ``digest`` of what is to serve, and its ``evidence``; every other is bound to the digest of what is shown. ``timeout`` is in seconds; without it the urgency's own. ``sensitive`` names keys of ``context`` and ``metadata`` whose values are sealed, and shown only by a reveal. */
export interface ApprovalBody {
  kind?: ApprovalKind;
  task?: string;
  title: string;
  digest?: string | null;
  evidence?: Record<string, unknown> | null;
  id?: string | null;
  description?: string;
  context?: Record<string, unknown>;
  options?: OptionBody[];
  urgency?: Urgency;
  timeout?: number | null;
  metadata?: Record<string, unknown>;
  policy?: serve_app__api__bodies__approvals__PolicyBody;
  default?: DefaultBody | null;
  sensitive?: string[];
}

/** Counts by status and kind. Rates are of all that ended by votes, time or withdrawal, times in seconds from the request to that end; None without any. Once approvals are in the archive the median is right within a percent. */
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

/** ``model_deployment``, ``policy_change`` and ``task_change`` decide what serves: they are bound to the digest of those bytes, and only votes approve them. The others are bound to the digest of what was shown. */
export type ApprovalKind = "code_execution" | "content_publishing" | "workflow" | "ai_decision" | "model_deployment" | "policy_change" | "task_change" | "custom";

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

/** Where an approval stands after a command: ``approving`` of ``quorum`` votes approve exactly ``digest``. */
export interface ApprovalStanding {
  approval_id: string;
  task: string;
  digest: string;
  quorum: number;
  expires_at: number;
  status: RequestStatus;
  approving: number;
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

/** How people answer, beside the labels: ``beside`` has the fields that may be added to a label, by the label; ``contents`` are those that the answer is about, in the order in which this person sees them; ``low`` and ``high`` say what the ends of a scale mean, and the model is right ``within`` so many of its points. */
export interface AskedAnswer {
  kind: "label" | "labels" | "fields" | "number" | "scale" | "verdict" | "pair";
  beside: Record<string, AskedField[]>;
  contents: JudgedContent[];
  low?: string;
  high?: string;
  within?: number;
}

/** A field of the answer; ``values`` are those of a choice, and ``title`` is what people read. ``min``, ``max``, ``step`` and ``unit`` are those of a number; ``least`` and ``most`` how many of the choices apply. ``is_automatic``: the model decided it, so that nobody is asked for it; another value overrides the model's. */
export interface AskedField {
  name: string;
  type: "text" | "long_text" | "number" | "money" | "date" | "choice" | "choices";
  title: string;
  values: string[];
  required?: boolean;
  max_chars?: number;
  min?: number | null;
  max?: number | null;
  step?: number | null;
  unit?: string;
  least?: number;
  most?: number | null;
  is_automatic?: boolean;
}

/** ``to`` None lifts an assignment. */
export interface AssignBody {
  to: string | null;
  reason?: string;
}

/** Where the review waits and who alone may take it; ``lease`` is the one that somebody lost by it. */
export interface AssignedReview {
  case_id: string;
  review_id: string;
  queue: string;
  priority: Priority;
  assigned: string | null;
  lease: number | null;
}

/** An assignee, asked at ``assigned_at`` (UTC seconds). */
export interface Assignment {
  user_id: string | null;
  role: string;
  assigned_at: number;
}

/** The backend answers. */
export interface BackendHealth {
  status: "UP";
  model_class: string;
}

/** ``model_version`` is the digest that serves, empty without one. */
export interface BackendSetup {
  model_version: string;
}

/** The digests that serve, each beside the others while a canary runs; none before the first approval. */
export interface BackendVersions {
  versions: string[];
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
  is_sealed: boolean;
}

/** Answers with a confidence in (``low``, ``high``]: the mean ``confidence`` that the model states, and the share that is right. */
export interface CalibrationBin {
  low: number;
  high: number;
  confidence: number;
  accuracy: Interval;
}

/** A function that waits for an approval. ``call_id`` is made by the client, and is its idempotency key. */
export interface CallBody {
  run_id: string;
  call_id: string;
  spec: CallSpecBody;
  status?: CallStatusBody | null;
}

export interface CallSpecBody {
  fn: string;
  kwargs: Record<string, unknown>;
  channel?: ChannelBody | null;
  reject_options?: NamedOptionBody[] | null;
  state?: Record<string, unknown> | null;
}

/** Of a new request all of it is null; of a response ``approved`` says what the caller votes. */
export interface CallStatusBody {
  requested_at?: string | null;
  responded_at?: string | null;
  approved?: boolean | null;
  comment?: string | null;
  reject_option_name?: string | null;
  slack_message_ts?: string | null;
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

export interface CancelBody {
  reason?: string;
}

/** A case of one of the templates. */
export interface CaseBody {
  workflow_type: string;
  request_data: Record<string, unknown>;
}

/** A case, its input as readers may see it, and what became of it. ``outcome`` stands now, ``outcomes`` are all that the case has had and ``version`` their number. ``in_line`` is None for what does not wait. ``is_sealed``: its input, or a part of it, stands under a key of its own, so that it can be erased. */
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
  declared_by?: string | null;
  value?: Record<string, unknown> | null;
  parts?: Record<string, DecidedPart> | null;
  boxes?: Record<string, FieldBox> | null;
  review_id: string | null;
  outcomes: (OutcomeRecord | ModelOutcome | ClientRecord)[];
  version: number;
  history: Record<string, unknown>[];
  in_line: PlaceInLine | null;
  is_sealed: boolean;
}

/** ``decision`` is approve, reject or, before an expert has it, escalate. */
export interface CaseDecisionBody {
  decision: string;
  confidence?: number;
  feedback?: string;
}

export interface CaseFailureBody {
  error: string;
}

/** Until when (UTC seconds) nothing of a case may be erased, and who said so since ``at``. */
export interface CaseHold {
  case_id: string;
  task: string;
  until: number;
  by: string;
  reason: string;
  at: number;
}

/** Cases, newest first; ``next`` is the cursor of the page behind this one, None where there is none. */
export interface CasePage {
  cases: FoundCase[];
  next: string | null;
}

/** Everybody who was shown the whole input of the case, oldest first. */
export interface CaseReveals {
  case_id: string;
  reveals: RevealNote[];
}

export type CaseState = "started" | "ai_processing" | "routing_decision" | "human_review" | "expert_review" | "completed" | "failed";

/** A case is provisional while its decision can still be undone, and withdrawn where its input was erased, or it was cancelled, before one. */
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

/** What may be automatic. ``models`` holds, by serving version and segment, what the answers prove now; ``certificates`` are those that the journal holds, newest last; ``audit`` is the probability in [0, 1] of a blind check, by segment. ``challengers`` compares each model that waits for votes with the champion, on rows of the vault; ``waits_for`` says in words what each of those would still wait for, had people approved it; ``left_out``, ``archive_gaps`` and ``deleted_days`` as in TaskQuality. */
export interface CertificateOverview {
  task: string;
  risk: "uncertified" | Risk;
  stopped: Record<string, string>;
  audit: Record<string, number>;
  models: Record<string, Record<string, SegmentFinding>>;
  certificates: CertificateView[];
  challengers: Record<string, VaultComparison>;
  waits_for: Record<string, string>;
  left_out: LeftOutFigures | null;
  archive_gaps: string[];
  deleted_days: string[];
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

/** ``grid`` runs from the safest threshold to the riskiest; ``starts`` are (position, share of delta); ``pilot`` counts the cases or rows that fixed them, which ``source`` names. Only cases that came after ``since`` (UTC seconds) prove anything: 0 where the plan rests on no case of the traffic. ``cycle`` numbers the plans of a task from 1, one for each model under each policy, and the shares of delta fall with it, so that all of them together keep the promise; 0: made before they were numbered, each at the full delta. */
export interface CertificationPlan {
  grid: number[];
  starts: [number, number][];
  pilot: number;
  since?: number;
  source?: string;
  cycle?: number;
}

/** One field that differs: ``path`` names it with dots, a rule or a segment by its own name; ``before`` or ``after`` is null where the field is absent there. */
export interface ChangedField {
  path: string;
  before: unknown;
  after: unknown;
}

/** An override of ``task`` after somebody confirmed or revoked it. */
export interface ChangedOverride {
  override_id: string;
  task: string;
  status: OverrideStatus;
}

/** ``digest`` is that of the policy that routes now; None: the one of the task's configuration. */
export interface ChangedPolicy {
  task: string;
  generation: number;
  versions: [string, number][];
  digest: string | null;
}

/** The task's next ``generation``, and the ``versions`` that serve in it. */
export interface ChangedServing {
  task: string;
  generation: number;
  versions: [string, number][];
}

/** ``happened`` are the names of the events, in order. */
export interface ChangedWorkflow {
  workflow_id: string;
  happened: string[];
}

/** Where the asker would like people to be reached. */
export interface ChannelBody {
  slack?: SlackChannelBody | null;
  sms?: PhoneChannelBody | null;
  whatsapp?: PhoneChannelBody | null;
  email?: EmailChannelBody | null;
}

/** A channel without its address: ``is_configured`` says whether it leads anywhere here, ``takes_trials`` whether a test message can be sent to it, ``fallback`` what stands in for it while it is away. */
export interface ChannelView {
  name: string;
  type: string;
  is_configured: boolean;
  takes_trials: boolean;
  fallback: string | null;
}

/** Where messages may go, in the order of the configuration. */
export interface Channels {
  channels: ChannelView[];
}

/** ``lease_s`` is how long the claim holds without a heartbeat, None: the task's own; ``count`` how many to take at once. */
export interface ClaimBody {
  lease_s?: number | null;
  count?: number;
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

export interface CodeBody {
  code: string;
  language?: "python" | "sql" | "shell" | "other";
}

/** ``is_safe``: nothing above a low severity was found, and the check could look. */
export interface CodeCheck {
  check: string;
  severity: Severity;
  findings: Finding[];
  is_safe: boolean;
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

export interface ConfirmationBody {
  label: string;
}

/** A question to a person. ``call_id`` is made by the client, and is its idempotency key. */
export interface ContactBody {
  run_id: string;
  call_id: string;
  spec: ContactSpecBody;
  status?: ContactStatusBody | null;
}

export interface ContactSpecBody {
  msg: string;
  subject?: string | null;
  channel?: ChannelBody | null;
  response_options?: NamedOptionBody[] | null;
  state?: Record<string, unknown> | null;
}

export interface ContactStatusBody {
  requested_at?: string | null;
  responded_at?: string | null;
  response?: string | null;
  response_option_name?: string | null;
}

/** ``policies``: hate_speech, confidential_data, pii, secrets; all of them where it is left out. */
export interface ContentBody {
  content: string;
  policies?: string[];
}

/** ``policies`` were checked; ``is_compliant``: none of them is violated. */
export interface ContentCheck {
  check: string;
  severity: Severity;
  findings: Finding[];
  policies: string[];
  is_compliant: boolean;
}

/** Until when (UTC seconds) nothing may be erased of the cases of ``task`` that came on the UTC days ``first_day`` to ``last_day``, and who said so since ``at``. */
export interface DaysHold {
  task: string;
  first_day: string;
  last_day: string;
  until: number;
  by: string;
  reason: string;
  at: number;
}

/** The case's state after the person's decision. */
export interface DecidedCase {
  workflow_id: string;
  status: string;
  decision_processed: boolean;
}

/** Who decided a part of the answer, None while nobody has; ``is_override``: a person changed what the model had decided. */
export interface DecidedPart {
  by: "model" | "person" | null;
  is_override: boolean;
}

/** An answer that settled its review. ``label`` is the decision, ``reviewer`` gave the last answer; ``agrees_with_model`` is None where no model had said anything. It is provisional and can be undone until ``final_at``. */
export interface DecidedReview {
  case_id: string;
  review_id: string;
  label: string;
  reviewer: string;
  agrees_with_model: boolean | null;
  status: "provisional" | "decided";
  decided_at: number;
  final_at: number;
}

/** ``label`` is the true label of the case in the reviewer's eyes, never "the model is right". Where the task's answers are values, ``value`` is the true one in the place of a label: all fields of a document, a set of ``labels``, a ``number``. Beside the label of a rejection it may have ``reasons`` and a ``correction``. */
export interface DecisionBody {
  lease: number;
  label?: string;
  value?: Record<string, string | number | string[] | null> | null;
  confidence?: number;
  comment?: string;
}

/** What the client's own model says, in a task whose predictions clients bring: by the ``model`` and ``version`` of its card, ``probabilities`` (in the order of the labels, or by label), or a ``label`` with its ``score``. Where answers are values a ``value`` with its ``score``, and with ``parts``, the score of each field, where fields go one by one; ``boxes`` says where on the pages of the case's file fields were read, for people to see. */
export interface DeclaredBody {
  model: string;
  version: string;
  probabilities?: number[] | Record<string, number> | null;
  label?: string | null;
  score?: number | null;
  value?: Record<string, unknown> | null;
  parts?: Record<string, number> | null;
  boxes?: Record<string, FieldBoxBody> | null;
}

/** The outcome when nobody has decided in time, and the reason in words. */
export interface DefaultBody {
  option: string;
  reason: string;
}

/** The whole definition of a task: the keys of a task file, of which ``task`` repeats the name in the path. */
export interface DefinitionBody {
  task: string;
}

/** What defines ``task`` from its serving ``generation`` on: ``definition``, as its author wrote it, in force since ``since`` (UTC seconds) by the approval ``approval_id``; None: its file gave it at the first start. ``guided`` are the answers that may have a guideline, in the order in which people see them. ``waits`` are changes that are voted on. */
export interface DefinitionInForce {
  task: string;
  digest: string;
  since: number;
  generation: number;
  approval_id: string | null;
  definition: Record<string, unknown>;
  guided: string[];
  waits: WaitingChange[];
}

/** What became of a proposed definition ``digest`` of ``task``: it is ``in_force`` already, or waits for the votes of ``approval_id``. ``changes`` says in words what differs from the definition in force. */
export interface DefinitionProposal {
  task: string;
  digest: string;
  status: string;
  approval_id: string | null;
  changes: string[];
}

export interface DelegateReviewBody {
  lease: number;
  to: string;
  reason?: string;
}

/** ``to`` is the id of the person who votes instead. */
export interface DelegateVoteBody {
  to: string;
  reason?: string;
}

/** A page of deliveries of one status; ``counts`` are of all, by what happened to them since the first. */
export interface Deliveries {
  counts: Record<string, number>;
  deliveries: Delivery[];
}

/** ``id`` is the same in every attempt, so that a receiver can tell a repetition. ``body`` is what is sent as JSON; ``title`` its line for people. ``is_permanent`` of an error means that no further try can help. ``traceparent`` and ``tracestate`` are the trace that it is sent in; empty, and then not stored, without one. */
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
  traceparent?: string;
  tracestate?: string;
}

/** The newest attempts, the last one first. */
export interface DeliveryLog {
  attempts: LoggedAttempt[];
}

export type DeliveryStatus = "waiting" | "delivered" | "dead";

export type Direction = "at_least" | "at_most";

/** Nothing to tell. */
export interface Done {
}

/** An unfinished answer, any JSON object, as it was saved at ``at``. */
export interface Draft {
  draft: Record<string, unknown>;
  at: number;
}

/** ``draft`` is any JSON object: what the person has entered so far. */
export interface DraftBody {
  lease: number;
  draft: Record<string, unknown>;
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

/** ``policy`` null: the one in force. ``people`` work at once, ``cases_per_hour`` each; ``within_h`` is when a case should be started, the task's review timeout if it is null. */
export interface DryRunBody {
  policy?: Record<string, unknown> | null;
  cases?: number;
  people?: number;
  cases_per_hour?: number;
  within_h?: number | null;
}

export interface EmailChannelBody {
  address: string;
  context_about_user?: string | null;
  additional_recipients?: RecipientBody[] | null;
  subject?: string | null;
  references_message_id?: string | null;
  in_reply_to_message_id?: string | null;
  experimental_subject_line?: string | null;
  experimental_references_message_id?: string | null;
  experimental_in_reply_to_message_id?: string | null;
  template?: string | null;
}

/** The session is over. */
export interface EndedSession {
  session: string;
  is_over?: boolean;
}

/** The sealed values of the approval are gone for ever. */
export interface ErasedApproval {
  approval_id: string;
  is_erased?: boolean;
}

/** The input of the case is gone for ever. */
export interface ErasedCase {
  case_id: string;
  is_erased?: boolean;
}

export interface EscalateBody {
  lease: number;
  reason: string;
}

/** People are told again, with ``escalation_msg``. Who hears of it is configured here, not chosen by the caller. */
export interface EscalationBody {
  escalation_msg: string;
  additional_recipients?: RecipientBody[] | null;
  channel?: ChannelBody | null;
}

/** A review that could not be shown, with how often that was reported; in quarantine it waits for an operator. */
export interface FailedReview {
  case_id: string;
  review_id: string;
  queue: string;
  priority: Priority;
  assigned: string | null;
  failures: number;
  is_quarantined: boolean;
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

/** ``box`` is left, top, right and bottom, each as a share of the page's width or height; ``page`` counts from 1. */
export interface FieldBox {
  page: number;
  box: number[];
}

/** Where a field was read: ``box`` is left, top, right and bottom, each as a share of the page's width or height. */
export interface FieldBoxBody {
  page: number;
  box: number[];
}

/** The name of a file in the ``features`` of a case. ``sha256`` and ``bytes`` are the file's, ``type`` is what its first bytes say; ``pages`` are there for a document, ``duration_ms`` for a recording. ``key`` is opaque: only the account that brought the file can use it, for cases of the same task. */
export interface FileHandle {
  sha256: string;
  type: string;
  bytes: number;
  key: string;
  pages?: number;
  duration_ms?: number;
}

/** ``line`` counts from 1. The reason never repeats what was found: it is journalled. */
export interface Finding {
  line: number;
  rule: string;
  reason: string;
  severity: Severity;
}

/** The answer to a case when it comes: decided by the model, or on its way to people, where ``decision_url`` shows what they say. ``confidence`` is calibrated where the model carries a calibration, ``raw_confidence`` is the model's own; both are in [0, 1], ``processing_time`` is in seconds. What the model says is None without one. ``declared_by`` names the account that declared the prediction; it is absent, or None, for one that was computed here. ``value`` are the fields that stand, as declared or as people corrected them; it is absent, or None, where answers are labels and where no fields stand. ``parts`` says of each field who decided it; it is absent, or None, where the model decided none by itself. ``boxes`` are where on the pages of the case's file its client read the declared fields; it is absent, or None, where the client did not say. */
export interface FirstAnswer {
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
  declared_by?: string | null;
  value?: Record<string, unknown> | null;
  parts?: Record<string, DecidedPart> | null;
  boxes?: Record<string, FieldBox> | null;
}

export type FlowStatus = "created" | "running" | "waiting_approval" | "completed" | "failed" | "cancelled";

/** A case that people have seen or will see, as it stands now. ``label`` is the outcome that stands, ``by`` who gave it: people's names, or ``model``. ``is_hidden``: the searcher may still answer it, so that neither the model's suggestion nor the outcome is told. Times are UTC seconds. */
export interface FoundCase {
  case_id: string;
  review_id: string;
  task: string;
  queue: string;
  status: "waiting" | "leased" | "provisional" | "decided" | "quarantined" | "withdrawn";
  priority: Priority;
  opened_at: number;
  due_at: number;
  segment: string;
  prediction: string | null;
  confidence: number | null;
  label: string | null;
  by: string[];
  is_hidden: boolean;
}

/** A function that waits for an approval, or has one. */
export interface FunctionCall {
  run_id: string;
  call_id: string;
  spec: FunctionCallSpec;
  status: FunctionCallStatus;
}

/** What was asked: the function and its arguments. ``channel`` and ``reject_options`` are as they came, without secrets. */
export interface FunctionCallSpec {
  fn: string;
  kwargs: Record<string, unknown>;
  channel: Record<string, unknown> | null;
  reject_options: Record<string, unknown>[] | null;
  state: Record<string, unknown> | null;
}

/** ``approved`` None: people have not decided. False also for what expired or was withdrawn; ``comment`` then says so. */
export interface FunctionCallStatus {
  requested_at: string;
  responded_at: string | null;
  approved: boolean | null;
  comment: string | null;
  reject_option_name: string | null;
  slack_message_ts?: string | null;
}

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

/** An answer that waits for another person's, or for an expert's with its reason. */
export interface HandedOnReview {
  case_id: string;
  review_id: string;
  label: string;
  reviewer: string;
  status: "answered";
  waits_for: "another" | "expert";
  reason: string | null;
}

export interface HeartbeatBody {
  lease: number;
}

/** All that the caller holds, oldest grant first. */
export interface HeldAtHand {
  reviews: ReviewAtHand[];
}

/** The case is held until ``until`` (UTC seconds). */
export interface HeldCase {
  case_id: string;
  until: number;
}

/** All that is held now: single cases, and tasks on days. */
export interface HeldCases {
  case_ids: string[];
  cases?: CaseHold[];
  days?: DaysHold[];
}

/** The cases of ``task`` on the days are held until ``until`` (UTC seconds). */
export interface HeldDays {
  task: string;
  first_day: string;
  last_day: string;
  until: number;
}

/** ``until`` is UTC seconds, up to the year 9999. */
export interface HoldBody {
  until: number;
  reason: string;
}

/** The cases of ``task`` that came on the UTC days ``first_day`` to ``last_day``; ``until`` is UTC seconds, up to the year 9999. */
export interface HoldDaysBody {
  task: string;
  first_day: string;
  last_day: string;
  until: number;
  reason: string;
}

/** The hold of a case that is in force; None: it is not held. */
export interface HoldFound {
  hold: CaseHold | null;
}

/** A question to a person, with the answer once there is one. */
export interface HumanContact {
  run_id: string;
  call_id: string;
  spec: HumanContactSpec;
  status: HumanContactStatus;
}

/** The question. ``channel`` and ``response_options`` are as they came, without secrets. */
export interface HumanContactSpec {
  msg: string;
  subject: string | null;
  channel: Record<string, unknown> | null;
  response_options: Record<string, unknown>[] | null;
  state: Record<string, unknown> | null;
}

/** ``response`` None: nobody has answered. Of a question that ended without an answer it says so. */
export interface HumanContactStatus {
  requested_at: string;
  responded_at: string | null;
  response: string | null;
  response_option_name: string | null;
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

/** Interactions, newest first. ``is_cut``: more were asked for, and would make the answer too large. */
export interface InteractionList {
  interactions: InteractionView[];
  is_cut?: boolean;
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

/** A key with its text (``key``), which is shown this once. */
export interface IssuedKey {
  key_id: string;
  account: string;
  created_at: number;
  expires_at: number | null;
  key: string;
}

/** ``triggered`` waits for its job to be submitted; the last two are final. */
export type JobStatus = "triggered" | "submitted" | "succeeded" | "failed";

/** A content that the answer is about, at ``path`` of the features; ``label`` is the answer that prefers it, None for the content of a verdict. */
export interface JudgedContent {
  path: string;
  label: string | null;
}

/** The lease runs anew for ``lease_s``. */
export interface KeptLease {
  review_id: string;
  lease: number;
  lease_s: number;
}

/** ``ttl_s`` is how long the key works, a minute at least; None: until it is revoked. */
export interface KeyBody {
  ttl_s?: number | null;
}

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

/** ``completed_by`` is Label Studio's own number of the person, or an object with it. */
export interface LabelAnnotation {
  id: number | string;
  result?: Record<string, unknown>[];
  was_cancelled?: boolean;
  completed_by?: unknown;
}

/** One task's prediction. ``result`` is a choice in Label Studio's form, empty where the task has no usable input or the model gave no numbers. ``model_version`` ends with what would happen to such a case: ``automatic`` or ``people``. */
export interface LabelPrediction {
  result: Record<string, unknown>[];
  score: number;
  model_version: string;
}

/** One for each task, in order. */
export interface LabelPredictions {
  results: LabelPrediction[];
  model_version: string;
}

export interface LabelTask {
  id?: number | string | null;
  data?: Record<string, unknown>;
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

/** Answers to checks that are no evidence: ``quick`` ones, and those of people who failed the ``known_answers``. ``waiting`` checks of them count as wrong, since nobody else has answered them yet. */
export interface LeftOutFigures {
  quick: number;
  known_answers: number;
  waiting: number;
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

export interface LoopAttributes {
  ContentClassifiers: ("FreeOfPersonallyIdentifiableInformation" | "FreeOfAdultContent")[];
}

/** A loop as it stands. The failure is that of a loop that nobody answered in time. */
export interface LoopDescription {
  CreationTime: string;
  HumanLoopStatus: "InProgress" | "Failed" | "Completed" | "Stopped" | "Stopping";
  HumanLoopName: string;
  HumanLoopArn: string;
  FlowDefinitionArn: string;
  HumanLoopOutput: LoopOutput | null;
  FailureCode: string | null;
  FailureReason: string | null;
}

/** ``InputContent`` is a JSON object, as a text. */
export interface LoopInput {
  InputContent: string;
}

/** Where the people's answers are. */
export interface LoopOutput {
  OutputS3Uri: string;
}

/** A page; ``NextToken`` is null at the end. */
export interface LoopSummaries {
  HumanLoopSummaries: LoopSummary[];
  NextToken: string | null;
}

/** A loop in a list. */
export interface LoopSummary {
  HumanLoopName: string;
  HumanLoopStatus: "InProgress" | "Failed" | "Completed" | "Stopped" | "Stopping";
  CreationTime: string;
  FailureReason: string | null;
  FlowDefinitionArn: string;
}

/** The names of people who may see a case. */
export interface MentionablePeople {
  people: string[];
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

/** ``lost`` dollars in ``labels`` random answers at or above the threshold, where at most ``per_decision`` in the mean are allowed, and no case in the certificate's traffic can cost more than ``most``. */
export interface MoneyLost {
  per_decision: number;
  most: number;
  lost: number;
  labels: number;
}

/** Automatic decisions may cost at most ``per_decision`` dollars in the mean. A case whose error could cost more than ``most`` is never automatic. */
export interface MoneyTerms {
  per_decision: number;
  most: number;
}

export interface NamedOptionBody {
  name: string;
  title?: string | null;
  description?: string | null;
  prompt_fill?: string | null;
  interactive?: boolean;
}

/** A case. ``features`` is what the model reads, by the ``input`` of `GET /v1/tasks/{task}`; ``metadata`` travels with it. A file is named there by the ``blob`` of `PUT /v1/tasks/{task}/blobs`. In a request for one case a file of at most 1 MiB may stand there itself, as in ``{"image": {"base64": "…", "media_type": "image/png"}}``, of which ``media_type`` may be left out. ``prediction``, or ``predictions`` of several versions, is for tasks whose ``predictions_by`` is the client. */
export interface NewCaseBody {
  features: unknown;
  prediction?: DeclaredBody | null;
  predictions?: DeclaredBody[] | null;
  metadata?: Record<string, boolean | number | string>;
}

/** Cases that are decided one by one. */
export interface NewCasesBody {
  cases: NewCaseBody[];
}

/** The reason for nothing is the caller's role or tasks. */
export interface NotPermitted {
  reason?: "permission";
}

/** ``person`` is away until ``until``. ``delegated`` are the approvals whose vote passed to ``deputy``. */
export interface NotedAbsence {
  person: string;
  until: number;
  deputy: string | null;
  delegated: string[];
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

/** A step that pauses. ``config`` is what the pattern takes; ``data`` the pipeline's own, which nobody's answer changes. ``id`` names the interaction, so that a program finds it again after a restart; without it the service makes one. */
export interface OpenBody {
  id?: string | null;
  pattern: string;
  config?: Record<string, unknown>;
  data?: Record<string, unknown>;
  pipeline_name?: string;
  step_name?: string;
  task?: string | null;
}

/** The caller's new session: it ends ``idle_s`` seconds after the last request, at the latest at ``ends_at``. */
export interface OpenedSession {
  account: string;
  roles: string[];
  tasks: string[];
  queues: string[];
  skills: string[];
  session: string;
  idle_s: number;
  ends_at: number;
}

/** ``outcome`` is approve or reject, where ``value`` does not say it by itself; neither ``value`` nor ``label`` may say the opposite of it. */
export interface OptionBody {
  label: string;
  value: string;
  recommended?: boolean;
  outcome?: string | null;
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

/** ``label`` repeats what people decided for the case. */
export interface OverrideProposalBody {
  case_id: string;
  label: string;
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

/** Of ``rows``, ``wins`` where the challenger alone is right and ``losses`` where the champion alone is; ``gain`` is the difference in accuracy on the traffic, weighted by the draws, None without rows. ``better`` and ``worse`` are the log evidence of either. */
export interface PartComparison {
  rows: number;
  wins: number;
  losses: number;
  gain: number | null;
  better: number;
  worse: number;
}

/** The interactions that wait for one person, oldest first. Changes after ``cursor`` are not in them. ``is_cut``: there are more, and they would make the answer too large; they come as the first are answered. */
export interface PendingInteractions {
  interactions: InteractionView[];
  cursor: number;
  is_cut?: boolean;
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

/** From ``since`` on, before ``until`` (UTC seconds). */
export interface Period {
  since: number;
  until: number;
}

/** Figures by task, of the UTC days ``from`` to ``to`` (both included); None for both: since the first entry. The task ``-`` stands for what belongs to none. */
export interface PeriodFigures {
  from: string | null;
  to: string | null;
  tasks: Record<string, TaskFigures>;
}

/** What the caller's roles allow, as names such as ``see_approvals``; a page offers only what stands here. */
export interface PermissionsView {
  may: string[];
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

export interface PhoneChannelBody {
  phone_number: string;
  context_about_user?: string | null;
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

/** What a policy of this ``version`` would change in the one in force, whose version is ``replaces``; the fields in the order of their paths, none where both say the same. */
export interface PolicyDifference {
  task: string;
  version: string;
  replaces: string;
  changes: ChangedField[];
}

/** Every change of the task's policy, oldest first. */
export interface PolicyHistory {
  task: string;
  history: PolicyChange[];
}

/** ``policy`` is the whole policy; what it leaves out has its default. */
export interface PolicyProposalBody {
  policy: Record<string, unknown>;
  title: string;
}

/** A policy that watches: ``routes`` counts its ``cases`` by ``taken>would``. */
export interface PolicyShadow {
  route_disagreement: Interval;
  in_force: RouteSide;
  watching: RouteSide;
  cases: number;
  routes: Record<string, number>;
}

/** A proposed policy beside the one in force; ``moved`` counts the cases that change their route, by ``from -> to``. Both are None without a proposal. Where ``is_masked``, rules saw ``***`` in place of every sensitive value. */
export interface PolicyTrial {
  in_force: TrialFigures;
  proposed: TrialFigures | null;
  moved: Record<string, number> | null;
  is_masked?: boolean;
}

export interface PredictBody {
  tasks: LabelTask[];
  label_config?: string | null;
}

/** ``ai_result`` has ``prediction`` and ``confidence``, and whatever else the model said. */
export interface PredictionBody {
  ai_result: Record<string, unknown>;
}

/** How a person wants the console, on every machine; None: they have not chosen. ``tour`` says whether they took the first-run tour or declined it; ``views`` are the searches that they saved, in their own order. */
export interface Preferences {
  tour?: "taken" | "skipped" | null;
  theme?: "auto" | "light" | "dark" | null;
  language?: "en" | "de" | null;
  density?: "comfortable" | "compact" | null;
  views?: SavedView[] | null;
}

/** All that a person has chosen of the console; null: nothing. ``views`` null: as they are. */
export interface PreferencesBody {
  tour?: "taken" | "skipped" | null;
  theme?: "auto" | "light" | "dark" | null;
  language?: "en" | "de" | null;
  density?: "comfortable" | "compact" | null;
  views?: SavedViewBody[] | null;
}

/** From the most pressing; FIFO within each. */
export type Priority = "urgent" | "high" | "normal" | "low";

/** A refusal (RFC 9457). ``type`` is `urn:ray-hitl:problem:` and the stable name of the problem, ``instance`` names the request, ``timestamp`` is in UTC; ``errors`` come where the body does not fit its schema. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  request_id: string;
  timestamp: string;
  errors?: ProblemPlace[];
}

/** A part of the body, by its JSON pointer, and what was expected there. */
export interface ProblemPlace {
  pointer: string;
  expected: string;
}

/** Counts of routed cases; ``automation_rate`` in [0, 1] and the smoothed processing time in milliseconds, None before the first case. */
export interface ProcessingMetrics {
  total_decisions: number;
  automated_decisions: number;
  human_reviews: number;
  expert_escalations: number;
  automation_rate: number | null;
  avg_processing_time_ms: number | null;
}

/** A new override: ``confirmed`` where an expert proposed it, else ``proposed``. */
export interface ProposedOverride {
  override_id: string;
  status: OverrideStatus;
}

/** The approval that votes on the policy with this ``version``. */
export interface ProposedPolicy {
  approval_id: string;
  task: string;
  digest: string;
  quorum: number;
  expires_at: number;
  status: RequestStatus;
  approving: number;
  version: string;
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

/** The ids of notices that were read. */
export interface ReadBody {
  ids: string[];
}

/** The ids that were marked as read. */
export interface ReadNotices {
  read: string[];
}

export interface ReasonBody {
  reason?: string;
}

export interface RecipientBody {
  address: string;
  context_about_user?: string | null;
  field?: "to" | "cc" | "bcc" | null;
}

/** The people in ``tell``, the members of ``groups``, hear of a rejection, by the configured ``rule``. */
export interface RejectionTelling {
  rule: string;
  groups: string[];
  tell: string[];
}

export interface ReleaseBody {
  lease: number;
  reason?: string;
}

/** Calibration: the bins that hold an answer, from low to high, and ``ece``, the expected calibration error in [0, 1]. */
export interface Reliability {
  bins: CalibrationBin[];
  ece: Interval;
}

/** ``to`` alone may take the new review, None: anybody of its queue; ``to_experts`` puts it into the experts' queue. */
export interface ReopenBody {
  reason: string;
  to?: string | null;
  to_experts?: boolean;
}

/** A new review of a decided case, and where it waits; ``reopens`` is the decided one. */
export interface ReopenedReview {
  case_id: string;
  review_id: string;
  queue: string;
  priority: Priority;
  assigned: string | null;
  reopens: string;
}

/** The ids of the deliveries that are sent again. */
export interface ReplayedDeliveries {
  replayed: string[];
}

/** ``replayed`` is false for a delivery that waits already. */
export interface ReplayedDelivery {
  delivery_id: string;
  replayed: boolean;
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

export interface RequeueBody {
  reason?: string;
}

/** A review that is out of quarantine. */
export interface RequeuedReview {
  case_id: string;
  review_id: string;
  queue: string;
}

/** The documents' HumanInputRequest. ``user_id`` may be left out; it is the caller's own or refused. */
export interface RespondBody {
  interaction_id: string;
  user_input: Record<string, unknown>;
  user_id?: string | null;
}

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

/** Where a review waits that its holder gave away; ``assigned`` names who alone may take it. */
export interface ReturnedReview {
  case_id: string;
  review_id: string;
  queue: string;
  priority: Priority;
  assigned?: string | null;
}

/** Who was shown what is sealed, when and why; ``kind`` is ``case`` or ``approval``. */
export interface RevealNote {
  kind: string;
  task: string | null;
  by: string;
  reason: string;
  at: number;
}

/** ``context`` and ``metadata`` in clear. ``salts`` let the reader check the digests in ``sealed``. */
export interface RevealedApproval {
  approval_id: string;
  context: Record<string, unknown>;
  metadata: Record<string, unknown>;
  sealed: Record<string, string>;
  salts: Record<string, string>;
}

/** The whole input of a case in clear, as its client sent it. */
export interface RevealedCase {
  case_id: string;
  features: unknown;
  metadata: Record<string, unknown>;
}

/** ``digest`` null: the policy of the task's file. */
export interface RevertBody {
  digest: string | null;
  reason: string;
}

/** What one person said at ``at``; ``confidence`` in [0, 1] is their own. ``differs`` names the fields in which their value is not the declared one; None where answers are labels, and in older ones. ``corrected_parts`` has, by field or label of a set that they changed, a digest of what they gave; None as ``differs``, and where a value has one part. ``near_answers`` are the labels of earlier answers within the tolerance of this number; None where answers are no numbers. */
export interface ReviewAnswer {
  reviewer: string;
  label: string;
  confidence: number;
  comment: string;
  at: number;
  is_expert?: boolean;
  differs?: string[] | null;
  corrected_parts?: Record<string, string> | null;
  near_answers?: string[] | null;
}

/** A review that the caller holds, with the input of its case, sensitive values masked. */
export interface ReviewAtHand {
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
  automatic_parts?: string[];
  warn_at?: number | null;
  assigned?: string | null;
  reopens?: string | null;
  escalation?: string | null;
  known?: KnownItem | null;
  known_probability?: number;
  barred?: string[];
  preferred?: string | null;
  generation?: number;
  is_due_soon?: boolean;
  is_overdue?: boolean;
  failures?: number;
  skipped?: string[];
  drafts?: Record<string, Draft>;
  answers?: ReviewAnswer[];
  outcomes?: OutcomeRecord[];
  payload: Record<string, unknown>;
  form: TaskForm;
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

/** ``render``: the client could not show the review; ``crash``: it broke on it. */
export interface ReviewFailureBody {
  lease: number;
  kind: "render" | "crash";
  detail?: string;
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

/** One work item. ``position`` is the case's place in the intake; ``reason`` is the route's, ``escalation`` why it went to the experts since. ``assigned`` names who alone may take it, ``reopens`` the decided review that it takes up again, ``skipped`` who passed it on, ``barred`` who must not answer it, ``preferred`` whose answer would tell most. The model's suggestion, and what tells a check, are None or empty where they are hidden or there was no model: ``confidence`` and ``uncertainty`` in [0, 1], ``probabilities`` in the order of the task's labels. ``is_automatic``: the model's decision stands until people disagree, as it does for ``automatic_parts`` of an answer. ``gold_probability`` and ``audit_probability`` are those of being checked. ``generation`` is the serving generation of the case. What has a default may be absent in the answers of old journals. */
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
  automatic_parts?: string[];
  warn_at?: number | null;
  assigned?: string | null;
  reopens?: string | null;
  escalation?: string | null;
  known?: KnownItem | null;
  known_probability?: number;
  barred?: string[];
  preferred?: string | null;
  generation?: number;
  is_due_soon?: boolean;
  is_overdue?: boolean;
  failures?: number;
  skipped?: string[];
  drafts?: Record<string, Draft>;
  answers?: ReviewAnswer[];
  outcomes?: OutcomeRecord[];
}

/** One reviewer's figures, each with its interval; ``answers`` were given, ``tests`` of them to cases with a known answer. ``error`` is the error rate in [0, 1], by known answers or by pairs of votes, and ``has_drifted`` tells whether the answers to cases whose truth others know prove one above what is tolerated. ``rubber_stamping`` is how much more often the reviewer agrees with the model when its answer is shown. ``planted_wrong_confirmed`` and ``shown_right_confirmed`` are the shares of wrong and of right suggestions that the reviewer confirmed; ``discernment`` is their difference. ``confusion`` counts answers by truth, then by answer. */
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

/** ``review`` is the first of ``reviews``. */
export interface ReviewsAtHand {
  review: ReviewAtHand;
  reviews: ReviewAtHand[];
}

export interface RevocationBody {
  reason: string;
}

/** The key is worthless within two seconds, and so are all of its line: ``revoked`` lists them, the key among them. */
export interface RevokedKey {
  key_id: string;
  revoked: string[];
  is_revoked?: boolean;
}

/** ``segments`` may have levels of their own, by a segment's whole name or one part of it. A check of an automatic decision that nobody has answered after ``maturity_hours`` counts as wrong for the alarm; 0 stands for 48 hours. Certificates count every case that waits as wrong from the start. ``family``: the certificate of ``each`` segment holds by itself with its confidence, or those of ``all`` segments hold together (family-wise). ``money``: a threshold must also keep what its errors cost below a level; what they cost stands in the policy's ``costs``. ``anchoring``: where people judge a content that they see, the bound on how often they confirm a wrong verdict is ``measured`` on known answers, and nothing is certified without them; ``ignored`` says in words that people are taken to see every error. */
export interface Risk {
  level: number;
  confidence?: number;
  segments?: Record<string, RiskTerms>;
  family?: "each" | "all";
  money?: MoneyTerms | null;
  anchoring?: "measured" | "ignored";
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

export interface RollbackBody {
  digest: string;
  reason: string;
}

/** ``digest`` serves alone again, under the approval with which it was deployed. */
export interface RolledBackModel {
  task: string;
  generation: number;
  versions: [string, number][];
  digest: string;
  approval_id: string;
}

/** ``grace_s`` is how long the old key works beside the new one. */
export interface RotateBody {
  grace_s?: number;
}

/** What one of two ways to route does with the same cases: the share that is automatic, how many people look at, and the hours that takes them, None where nobody has answered yet. */
export interface RouteSide {
  automation: Interval;
  to_people: number;
  reviewer_hours: number | null;
}

/** The status and the answer that a request of its own would have got. */
export interface RowAnswer {
  status: number;
  body: FirstAnswer | ProblemDocument;
}

/** In the order of the cases. */
export interface RowAnswers {
  results: RowAnswer[];
}

/** Totals and means of runs: seconds of ``execution_time``, ``success_rate`` in per cent of those that ended, confidence in [0, 1], cost in the configured currency. A mean of nothing is None. */
export interface RunSummary {
  total_runs: number;
  avg_execution_time: number | null;
  success_rate: number | null;
  avg_confidence: number | null;
  total_cost: number;
}

/** The unfinished answer as it is kept, any JSON object. */
export interface SavedDraft {
  case_id: string;
  review_id: string;
  draft: Record<string, unknown>;
}

/** A search of cases under the name that its person gave it. ``query`` is that of its address. */
export interface SavedView {
  name: string;
  query: string;
}

/** A search under a name; ``query`` is that of its address: `task=digits&status=waiting`. */
export interface SavedViewBody {
  name: string;
  query: string;
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
  money: MoneyLost | null;
  in_force: number | null;
  stopped: string | null;
  since: number;
  risk: SegmentRisk;
  drift: DriftProgress;
  audit_probability: number;
  gold: number;
}

/** Among a segment's automatic decisions at most ``level`` may be wrong, with probability ``confidence``; both in (0, 1). ``family``: the certificate of ``each`` segment holds by itself, or those of ``all`` ``segments`` that the policy declares hold ``together`` with so much confidence (None: they do not), for which each is tested at a higher one. */
export interface SegmentRisk {
  level: number;
  confidence: number;
  family?: "each" | "all";
  segments?: number;
  together?: number | null;
}

export interface SendBackBody {
  lease: number;
  reason: string;
}

/** What serves, by the ``generation`` of the last change: no versions until the first model is approved. ``thresholds`` are the certified ones by digest, ``stopped`` says by segment why nothing is automatic there. */
export interface ServedModels {
  generation: number;
  versions: ServedVersion[];
  thresholds: Record<string, ModelThresholds>;
  stopped: Record<string, string>;
}

/** A task and what serves it; ``serving`` is None before the first model. ``predictions_by`` the client: its cases bring them, and the versions that serve are cards. */
export interface ServedTask {
  task: string;
  title: string;
  description: string;
  labels: string[];
  serving: PointerView | null;
  predictions_by: "client" | "service";
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

/** As ``ServiceReady``, on a store that may lose what it acknowledged, or with task files that are not in force; ``risks`` say why, and what to do. */
export interface ServiceReadyAtRisk {
  risks: string[];
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
  definition?: string | null;
}

/** A session, last used at about ``seen_at``; it ends ``idle_s`` seconds after that, at the latest at ``ends_at``. ``is_current`` is the one that asks. */
export interface SessionView {
  account: string;
  created_at: number;
  seen_at: number;
  session: string;
  idle_s: number;
  ends_at: number;
  is_current: boolean;
}

/** Open sessions, oldest first. */
export interface Sessions {
  sessions: SessionView[];
}

/** ``label_config`` of the project is called ``schema`` here. */
export interface SetupBody {
  project?: string;
}

/** ``unknown``: the check could not look, which is no good news. */
export type Severity = "none" | "low" | "medium" | "high" | "unknown";

/** ``policy`` null: none watches any more. */
export interface ShadowBody {
  policy: Record<string, unknown> | null;
}

/** The compared state of a shard after the entry ``seq`` of its journal, whose hash is ``hash``. */
export interface ShardState {
  seq: number;
  hash: string;
  state: Record<string, unknown>;
}

/** A shard that answers. Its journal ends at ``seq`` with ``hash``; ``epoch`` grows with each process that writes it. ``waiting`` counts commands that wait to be decided, ``pid`` is its process, ``build`` the digest of the settings and the version that it runs; ``failure`` says what keeps it from serving, ``troubles`` by part what else is wrong. */
export interface ShardStatus {
  shard: string;
  phase: string;
  epoch: number;
  seq: number;
  hash: string;
  waiting?: number;
  pid?: number | null;
  build?: string;
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

/** When the answer ``name`` is right (a label, a choice, or a field of a value): ``examples`` are texts of cases that have it, ``cases`` the ids of decided cases. */
export interface ShownGuideline {
  name: string;
  text: string;
  examples: string[];
  cases: string[];
}

/** One review, as its viewer may see it. */
export interface ShownReview {
  review: ReviewView;
}

/** The pair that signs requests: the key's own id, and a secret that is shown this once. */
export interface SigningSecret {
  access_key_id: string;
  secret_access_key: string;
}

/** The option that holds at the deadline, and why, in words. */
export interface SilentDefault {
  option: string;
  reason: string;
}

export interface SkipBody {
  lease: number;
  reason: string;
}

/** ``bot_token`` is a secret of another service: it is read, and never stored. */
export interface SlackChannelBody {
  channel_or_user_id: string;
  context_about_channel_or_user?: string | null;
  bot_token?: string | null;
  allowed_responder_ids?: string[] | null;
  experimental_slack_blocks?: boolean | null;
  thread_ts?: string | null;
}

/** ``ticket`` opens one socket within ``expires_in_s`` seconds. */
export interface SocketTicket {
  ticket: string;
  expires_in_s: number;
}

export interface StageBody {
  name?: string | null;
  type: string;
  config?: Record<string, unknown>;
  approvalRequired?: boolean | null;
}

export interface StageFailureBody {
  attempt: number;
  error: string;
}

/** A stage as its workflow is created: with its defaults, and whether a person approves it. */
export interface StagePlan {
  name: string;
  type: string;
  config: Record<string, unknown>;
  approvalRequired: boolean;
}

/** ``attempt`` is what the start of the stage answered. */
export interface StageResultBody {
  attempt: number;
  result?: Record<string, unknown>;
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

/** A loop of the task that the flow definition names behind its slash. */
export interface StartLoopBody {
  HumanLoopName: string;
  FlowDefinitionArn: string;
  HumanLoopInput: LoopInput;
  DataAttributes?: LoopAttributes | null;
}

/** The loop's name among Amazon's resources. */
export interface StartedLoop {
  HumanLoopArn: string;
}

/** The status of an interaction, also of one that is over. Times are ISO 8601 with their offset. */
export interface StatusResponse {
  interaction_id: string;
  status: InteractionStatus;
  created_at: string;
  expires_at: string;
}

/** What a step answers its pipeline with. Beside these fields stand those of the pattern. Times are UTC seconds. */
export interface StepAnswer {
  status: string;
  interaction_id: string;
  ui_schema: Record<string, unknown>;
  created_at: number;
  expires_at: number;
  timeout_seconds: number;
  data: Record<string, unknown>;
}

export interface StopBody {
  segment: string;
  reason: string;
}

export interface StopLoopBody {
  HumanLoopName: string;
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

export interface SwitchBody {
  task: string;
  is_on: boolean;
  reason: string;
}

/** Tells whether the overrides of ``task`` answer. */
export interface SwitchedOverrides {
  task: string;
  is_on: boolean;
}

/** The documents' system metrics over the caller's tasks, since the first entry. */
export interface SystemMetrics {
  processing_metrics: ProcessingMetrics;
  queue_status: QueueStatus;
  model_performance: ModelPerformance;
  system_health: PeopleMetrics;
}

/** An artifact that an approval may name by ``digest`` (SHA-256). ``tried_rows`` are the random rows that it answered, 64 of them in ``batch_ms``; ``largest_difference`` is that between a row alone and in a batch. */
export interface TakenArtifact {
  digest: string;
  task: string;
  bytes: number;
  tried_rows: number;
  batch_ms: number;
  largest_difference: number;
}

/** A file that is stored. Cases may name ``blob`` for a day; a file that none names then is removed. */
export interface TakenFile {
  blob: FileHandle;
}

/** Who decides the case, and why; ``priority`` is None where the model does. */
export interface TakenRoute {
  action: Action;
  reason: string;
  priority: Priority | null;
}

/** The stage is the caller's: ``attempt`` is their right to report. ``results`` are those of the completed stages, by name. */
export interface TakenStage {
  workflow_id: string;
  stage: string;
  attempt: number;
  type: string;
  config: Record<string, unknown>;
  results: Record<string, Record<string, unknown> | null>;
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

/** Each target with its figure and verdict, by task, in ``period`` (None: of all time). */
export interface TargetVerdicts {
  tasks: Record<string, TargetVerdict[]>;
  period: Period | null;
}

/** How far the reviewers of a task agree, in ``period`` (None: of all time). */
export interface TaskAgreement {
  cases: number;
  raw: Interval;
  alpha: Interval;
  blind: AgreementFigures;
  segments: Record<string, AgreementFigures>;
  scale: "nominal" | "ordinal" | "interval";
  task: string;
  period: Period | null;
}

/** The figures behind a task's charts, of the version that decides the most cases (``model``, None before the first). ``live`` are the thresholds in force by segment, None where nothing is automatic; ``cases_per_hour`` is the pace of the newest days, None before the first case. Answers are of the cases that came in ``period`` (None: of all); the learning curve, the thresholds and the pace are of all time. */
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
  period: Period | null;
}

/** Every figure of one task by its name, and the counters behind them. */
export interface TaskFigures {
  figures: Record<string, MetricFigure>;
  counters: Record<string, number>;
}

/** What a person needs to know of the task to answer: its labels, how its input is declared, and who brings predictions. ``none_answer`` is the answer that no label fits, None where it is not offered; ``answer`` says how people answer, and ``fields`` are those of the value, None where an answer is a label. What was declared of them is the payload's ``value``, and its ``boxes`` say where it was read, unless it is hidden. ``guidelines`` stand in the order of the answers. */
export interface TaskForm {
  title: string;
  description: string;
  labels: string[];
  input: Record<string, unknown>;
  predictions_by: "client" | "service";
  none_answer: string | null;
  fields: AskedField[] | null;
  answer: AskedAnswer;
  guidelines: ShownGuideline[];
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

/** A task's published figures, beside its risk level; ``stopped`` says by segment why nothing is automatic there, and ``unanswered`` how many blind checks lack an answer; ``left_out`` counts answers that are no evidence, because nobody looked (None: the task counts them). ``archive_gaps`` names the runs of old cases that are lost, ``deleted_days`` the UTC days of which the task's retention deleted cases: no figure has them. Figures and targets are of the cases that came in ``period`` (None: of all); what is stopped and unanswered is of now. */
export interface TaskQuality {
  figures: Record<string, PublishedFigure>;
  parts: Record<string, Record<string, PublishedFigure>>;
  targets: TargetVerdict[];
  segments: Record<string, Record<string, PublishedFigure>>;
  groups: Record<string, Record<string, Record<string, PublishedFigure>>>;
  days: (Record<string, number | PublishedFigure>)[];
  task: string;
  risk: "uncertified" | Risk;
  stopped: Record<string, string>;
  unanswered: UnansweredChecks;
  left_out: LeftOutFigures | null;
  archive_gaps: string[];
  deleted_days: string[];
  period: Period | null;
}

/** The figures of each person who answers cases of the task, by name, in ``period`` (None: of all time). */
export interface TaskReviewers {
  task: string;
  reviewers: Record<string, ReviewerFigures>;
  period: Period | null;
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

/** A task for its clients. ``none_answer`` is what people may answer beside the labels, ``predictions_by`` says who brings predictions, ``input`` is the schema of ``features``, ``answer`` that of answers; ``policy`` is the one in force, with its ``version`` and whether people approved it (``is_approved``) or it is the task file's; ``risk`` is the policy's own. */
export interface TaskView {
  task: string;
  title: string;
  url: string;
  description: string;
  labels: string[];
  none_answer: string | null;
  predictions_by: "client" | "service";
  input: Record<string, unknown>;
  answer: Record<string, unknown>;
  risk: Record<string, unknown> | string | null;
  policy: Record<string, unknown>;
  serving: ServedModels;
  decisions_url: string;
}

/** A message that Teams shows under the one that it sent: ``type`` is ``message``. */
export interface TeamsAnswer {
  type: string;
  text: string;
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

/** A decided case with its input; ``features`` has the form that the task declares. ``model_version`` is the digest of the model that predicted, ``model_confidence`` its calibrated confidence in [0, 1]; both are None without one. */
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
  value?: Record<string, unknown> | null;
  features: unknown;
  model_version?: string | null;
  weight?: number;
  model_confidence?: number | null;
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

/** Dollars a decision: people's work, the harm of automatic errors, and both together from ``low`` to ``high``; all None without cases, ``errors`` also without labels. */
export interface TrialCost {
  people: number | null;
  errors: number | null;
  low: number | null;
  high: number | null;
}

/** The error rate in [0, 1] of what would be automatic: by people's labels, and by the model's own confidence (None without such cases). ``unanswered`` cases are taken to be like those with an answer in the former. */
export interface TrialErrors {
  by_labels: Interval;
  by_the_model: number | null;
  unanswered: number;
}

/** What one policy would have done with ``cases`` of the past: counts by route, in all and by segment; the expected number of ``blind_checks``; ``reviewer_hours`` of work; and the share in [0, 1] started in time, None for traffic of one moment. */
export interface TrialFigures {
  policy_version: string;
  cases: number;
  routes: Record<string, number>;
  by_segment: Record<string, Record<string, number>>;
  automation_rate: Interval;
  errors_automatic: TrialErrors;
  blind_checks: number;
  reviewer_hours: number;
  cost_per_decision: TrialCost;
  started_in_time: number | null;
}

/** A test message that is on its way to ``channel``, as the delivery ``delivery_id``. */
export interface TrialMessage {
  channel: string;
  delivery_id: string;
}

export interface TriggerBody {
  task: string;
  reason: string;
}

/** The retraining for ``key``; ``is_new`` is false where the key had its retraining before. */
export interface TriggeredRetraining {
  key: string;
  status: JobStatus;
  is_new: boolean;
}

/** Counts of the automatic decisions drawn for a blind check; ``overripe`` are open ones of days that are mature. ``at_worst`` is the error rate of the mature ones if all overripe ones were wrong, with its exact interval. */
export interface UnansweredChecks {
  drawn: number;
  answered: number;
  open: number;
  overripe: number;
  at_worst: Interval;
}

/** The command asks for what is so already: nothing was recorded. */
export interface UnchangedServing {
}

export interface UndoBody {
  reason?: string;
}

/** The reviewer holds the review again under ``lease``, for ``lease_s`` without a heartbeat. */
export interface UndoneDecision {
  case_id: string;
  review_id: string;
  lease: number;
  lease_s: number;
}

/** A shard that does not answer. */
export interface UnreachableShard {
  shard: string;
  phase?: "unreachable";
}

export type Urgency = "low" | "medium" | "high" | "critical";

/** ``verdict``: ``harms a segment``, ``better``, ``worse`` or ``not enough evidence``. ``shown_at`` is the log evidence that the ``cycle``-th challenger of the task needs; ``parts`` are the named segments and declared groups, where harm is shown at the same level over all of them together. */
export interface VaultComparison {
  rows: number;
  wins: number;
  losses: number;
  gain: number | null;
  better: number;
  worse: number;
  cycle: number;
  shown_at: number;
  verdict: string;
  parts: Record<string, PartComparison>;
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

/** Whose versions: the task of the path says it. */
export interface VersionsBody {
  project?: number | string | null;
}

/** ``vote`` is the value of an option (of a model or a policy: approve or reject). ``digest`` repeats what is voted on, so that nobody votes on something else than they saw; ``shown``, if given, the digest of all that was shown with it. */
export interface VoteBody {
  vote: string;
  digest: string;
  comment?: string;
  shown?: string | null;
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

/** A change that waits for votes: its ``digest``, and in words what it ``changes``. */
export interface WaitingChange {
  approval_id: string;
  digest: string;
  changes: string[];
  requested_by: string;
  expires_at: number;
}

/** Reviews in the order of claims; ``has_more``: there is a page behind this one. ``order`` tells how those of one priority are ordered. */
export interface WaitingPage {
  reviews: WaitingReview[];
  has_more: boolean;
  order: "age" | "hybrid";
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
  automatic_parts?: string[];
  warn_at?: number | null;
  assigned?: string | null;
  reopens?: string | null;
  escalation?: string | null;
  known?: KnownItem | null;
  known_probability?: number;
  barred?: string[];
  preferred?: string | null;
  generation?: number;
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

/** A model that watches the cases up to ``read`` (partition: position), from ``since`` to ``at`` (UTC seconds), with its counts and rates, by the thresholds that it is certified for itself. */
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

export interface WebhookBody {
  action: string;
  task?: LabelTask | null;
  annotation?: LabelAnnotation | null;
}

/** ``answered``: the annotation is the answer of the interaction; ``ignored``: it is none of ours, or changes nothing. */
export interface WebhookTaken {
  status: "answered" | "ignored";
  interaction_id: string | null;
}

export interface WhyBody {
  reason: string;
}

/** Why a person may take nothing of a queue: they have answered or skipped all that waits, the rest is assigned to others, everything is leased (until ``until`` at the latest known, None: no lease) or in quarantine, or there is none. */
export interface WhyEmpty {
  reason: "answered" | "skipped" | "others" | "leased" | "quarantined" | "none";
  waiting: number;
  leased: number;
  until: number | null;
  quarantined: number;
}

/** The reviews of the case that nobody can answer any more. */
export interface WithdrawnReviews {
  case_id: string;
  review_ids: string[];
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

/** A workflow of stages; without ``stages`` all five with their defaults. ``approvers`` are asked; empty: every approver. */
export interface WorkflowBody {
  name: string;
  description?: string;
  experimentName?: string;
  modelName?: string;
  stages?: StageBody[];
  approvers?: string[];
}

/** Workflows of stages and after them cases, each newest first. ``is_cut``: more were asked for, and would make the answer too large. */
export interface WorkflowList {
  workflows: (CaseView | StagedWorkflow)[];
  is_cut?: boolean;
}

/** A case or a workflow of stages, and its status now. */
export interface WorkflowStatus {
  workflow_id: string;
  status: string;
}

/** The templates of cases by type, and all stages with their defaults, in order. */
export interface WorkflowTemplates {
  cases: Record<string, CaseTemplate>;
  stages: StagePlan[];
}

/** The voting policy, where the configuration leaves it to the request. ``rule`` is any, all, majority or k_of_n. */
export interface serve_app__api__bodies__approvals__PolicyBody {
  rule?: string | null;
  k?: number | null;
  approvers?: string[] | null;
  groups?: string[] | null;
  requires?: Record<string, number> | null;
  weights?: Record<string, number> | null;
  veto?: string[] | null;
  excluded?: string[] | null;
}

/** ``policy`` is the whole policy; what it leaves out has its default. */
export interface serve_app__api__routes__policies__PolicyBody {
  policy: Record<string, unknown>;
}

/** What GET answers, by route. */
export interface Answers {
  "/a2i/human-loops": LoopSummaries;
  "/a2i/human-loops/{name}": LoopDescription;
  "/api/v1/mlflow/tracking/experiments/": TrackedExperiments;
  "/api/v1/mlflow/tracking/health/": TrackingHealth;
  "/api/v1/mlflow/tracking/metrics/": TrackedMetrics;
  "/api/v1/mlflow/tracking/runs/": TrackedRuns;
  "/health": ServiceHealth;
  "/hitl/status/{interaction_id}": StatusResponse;
  "/humanlayer/v1/contact_requests/{call_id}": HumanContact;
  "/humanlayer/v1/function_calls/{call_id}": FunctionCall;
  "/label-studio/{task}/health": BackendHealth;
  "/label-studio/{task}/versions": BackendVersions;
  "/ready": ServiceReady | ServiceReadyAtRisk;
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
  "/v1/cases": CasePage;
  "/v1/cases/{case_id}/hold": HoldFound;
  "/v1/cases/{case_id}/reveals": CaseReveals;
  "/v1/decisions/{case_id}": CaseDecision | BlindCase;
  "/v1/examples": TrainingExamples;
  "/v1/grants": Grants;
  "/v1/holds": HeldCases;
  "/v1/inbox": InboxPage;
  "/v1/interactions": InteractionList;
  "/v1/interactions/pending": PendingInteractions;
  "/v1/interactions/{interaction_id}": InteractionView;
  "/v1/journal": ShardStatuses;
  "/v1/journal/{shard}/state": ShardState;
  "/v1/leases": HeldAtHand;
  "/v1/me/preferences": Preferences;
  "/v1/metrics": ServiceMetrics | ServiceAndOutboxMetrics;
  "/v1/metrics/figures": PeriodFigures;
  "/v1/metrics/system": SystemMetrics;
  "/v1/models": ServedTasks;
  "/v1/models/{task}": TaskServing;
  "/v1/models/{task}/at": TaskServingAt;
  "/v1/outbox": Deliveries;
  "/v1/outbox/channels": Channels;
  "/v1/outbox/log": DeliveryLog;
  "/v1/outbox/{delivery_id}": OneDelivery;
  "/v1/overrides": OverrideList;
  "/v1/permissions": PermissionsView;
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
  "/v1/reviews/{review_id}/people": MentionablePeople;
  "/v1/session": CallerView;
  "/v1/sessions": Sessions;
  "/v1/suggestions/{task}": ReviewSuggestions;
  "/v1/targets": TargetVerdicts;
  "/v1/tasks": TaskList;
  "/v1/tasks/{task}": TaskView;
  "/v1/tasks/{task}/definition": DefinitionInForce;
  "/v1/triggers": RetrainingList;
  "/v1/workflows": WorkflowList;
  "/v1/workflows/analytics": WorkflowAnalytics;
  "/v1/workflows/templates": WorkflowTemplates;
  "/v1/workflows/{workflow_id}": CaseView | StagedWorkflow;
}

/** What a change answers, by method and route. */
export interface Effects {
  "POST /a2i/human-loops": StartedLoop;
  "POST /a2i/human-loops/stop": Done;
  "DELETE /a2i/human-loops/{name}": Done;
  "POST /hitl/respond": AcceptedResponse;
  "POST /humanlayer/v1/agent/function_calls/{call_id}/escalate_email": FunctionCall;
  "POST /humanlayer/v1/agent/function_calls/{call_id}/respond": FunctionCall;
  "POST /humanlayer/v1/agent/human_contacts/{call_id}/escalate_email": HumanContact;
  "POST /humanlayer/v1/agent/human_contacts/{call_id}/respond": HumanContact;
  "POST /humanlayer/v1/contact_requests": HumanContact;
  "POST /humanlayer/v1/function_calls": FunctionCall;
  "POST /label-studio/{task}/predict": LabelPredictions;
  "POST /label-studio/{task}/setup": BackendSetup;
  "POST /label-studio/{task}/versions": BackendVersions;
  "POST /label-studio/{task}/webhook": WebhookTaken;
  "PUT /v1/accounts/{account}": AccountView | GrantView;
  "POST /v1/accounts/{account}/keys": IssuedKey | GrantView;
  "POST /v1/approvals": ApprovalStanding;
  "POST /v1/approvals/absences": NotedAbsence;
  "POST /v1/approvals/{approval_id}/cancel": ApprovalStanding;
  "POST /v1/approvals/{approval_id}/delegate": ApprovalStanding;
  "POST /v1/approvals/{approval_id}/erase": ErasedApproval;
  "POST /v1/approvals/{approval_id}/reveal": RevealedApproval;
  "POST /v1/approvals/{approval_id}/votes": ApprovalStanding;
  "PUT /v1/artifacts/{digest}": TakenArtifact;
  "POST /v1/cases/{case_id}/cancel": WithdrawnReviews;
  "POST /v1/cases/{case_id}/erase": ErasedCase;
  "POST /v1/cases/{case_id}/hold": HeldCase;
  "POST /v1/cases/{case_id}/reveal": RevealedCase;
  "POST /v1/chat/teams": TeamsAnswer;
  "POST /v1/checks/code": CodeCheck;
  "POST /v1/checks/content": ContentCheck;
  "POST /v1/grants/{grant_id}/confirm": GrantView;
  "POST /v1/grants/{grant_id}/refuse": GrantView;
  "POST /v1/holds/days": HeldDays;
  "POST /v1/inbox/read": ReadNotices;
  "POST /v1/interactions": StepAnswer;
  "POST /v1/interactions/{interaction_id}/answer": AnsweredInteraction;
  "POST /v1/interactions/{interaction_id}/cancel": AnsweredInteraction;
  "DELETE /v1/keys/{key_id}": RevokedKey;
  "POST /v1/keys/{key_id}/rotate": IssuedKey;
  "POST /v1/keys/{key_id}/signing-secret": SigningSecret;
  "PUT /v1/me/preferences": Preferences;
  "POST /v1/models/{task}/rollback": RolledBackModel;
  "POST /v1/outbox/channels/{channel}/test": TrialMessage;
  "POST /v1/outbox/replay": ReplayedDeliveries;
  "POST /v1/outbox/{delivery_id}/replay": ReplayedDelivery;
  "POST /v1/overrides": OverrideView | ProposedOverride;
  "POST /v1/overrides/switch": SwitchedOverrides;
  "POST /v1/overrides/{override_id}/confirm": ChangedOverride;
  "POST /v1/overrides/{override_id}/revoke": ChangedOverride;
  "POST /v1/policies/{task}": ProposedPolicy;
  "POST /v1/policies/{task}/changes": PolicyDifference;
  "POST /v1/policies/{task}/dry-run": PolicyTrial;
  "POST /v1/policies/{task}/revert": ChangedPolicy;
  "POST /v1/policies/{task}/shadow": ChangedServing | UnchangedServing;
  "POST /v1/policies/{task}/stop": ChangedServing | UnchangedServing;
  "POST /v1/queues/{queue}/claim": ReviewsAtHand | undefined;
  "POST /v1/reviews/{review_id}/amend": AmendedDecision;
  "POST /v1/reviews/{review_id}/assign": AssignedReview;
  "POST /v1/reviews/{review_id}/decision": DecidedReview | HandedOnReview;
  "POST /v1/reviews/{review_id}/delegate": ReturnedReview;
  "POST /v1/reviews/{review_id}/draft": SavedDraft;
  "POST /v1/reviews/{review_id}/escalate": ReturnedReview;
  "POST /v1/reviews/{review_id}/failure": FailedReview;
  "POST /v1/reviews/{review_id}/heartbeat": KeptLease;
  "POST /v1/reviews/{review_id}/release": ReturnedReview;
  "POST /v1/reviews/{review_id}/reopen": ReopenedReview;
  "POST /v1/reviews/{review_id}/requeue": RequeuedReview;
  "POST /v1/reviews/{review_id}/send-back": ReturnedReview;
  "POST /v1/reviews/{review_id}/skip": ReturnedReview;
  "POST /v1/reviews/{review_id}/undo": UndoneDecision;
  "POST /v1/session": OpenedSession;
  "DELETE /v1/sessions/{name}": EndedSession;
  "PUT /v1/tasks/{task}/blobs": TakenFile;
  "POST /v1/tasks/{task}/decisions": FirstAnswer;
  "POST /v1/tasks/{task}/decisions:batch": RowAnswers;
  "PUT /v1/tasks/{task}/definition": DefinitionProposal;
  "DELETE /v1/tasks/{task}/definition": DefinitionProposal;
  "POST /v1/tickets": SocketTicket;
  "POST /v1/triggers": TriggeredRetraining;
  "POST /v1/workflows": WorkflowStatus;
  "POST /v1/workflows/cases": WorkflowStatus;
  "POST /v1/workflows/{workflow_id}/cancel": ChangedWorkflow;
  "POST /v1/workflows/{workflow_id}/decision": DecidedCase;
  "POST /v1/workflows/{workflow_id}/execute": ChangedWorkflow;
  "POST /v1/workflows/{workflow_id}/failure": WorkflowStatus;
  "POST /v1/workflows/{workflow_id}/prediction": WorkflowStatus;
  "POST /v1/workflows/{workflow_id}/stages/{stage}/failure": ChangedWorkflow;
  "POST /v1/workflows/{workflow_id}/stages/{stage}/result": ChangedWorkflow;
  "POST /v1/workflows/{workflow_id}/stages/{stage}/start": TakenStage;
}

/** What a change takes, by method and route. */
export interface Bodies {
  "POST /a2i/human-loops": StartLoopBody;
  "POST /a2i/human-loops/stop": StopLoopBody;
  "POST /hitl/respond": RespondBody;
  "POST /humanlayer/v1/agent/function_calls/{call_id}/escalate_email": EscalationBody;
  "POST /humanlayer/v1/agent/function_calls/{call_id}/respond": CallStatusBody;
  "POST /humanlayer/v1/agent/human_contacts/{call_id}/escalate_email": EscalationBody;
  "POST /humanlayer/v1/agent/human_contacts/{call_id}/respond": ContactStatusBody;
  "POST /humanlayer/v1/contact_requests": ContactBody;
  "POST /humanlayer/v1/function_calls": CallBody;
  "POST /label-studio/{task}/predict": PredictBody;
  "POST /label-studio/{task}/setup": SetupBody;
  "POST /label-studio/{task}/versions": VersionsBody;
  "POST /label-studio/{task}/webhook": WebhookBody;
  "PUT /v1/accounts/{account}": AccountBody;
  "POST /v1/accounts/{account}/keys": KeyBody;
  "POST /v1/approvals": ApprovalBody;
  "POST /v1/approvals/absences": AbsenceBody;
  "POST /v1/approvals/{approval_id}/cancel": CancelBody;
  "POST /v1/approvals/{approval_id}/delegate": DelegateVoteBody;
  "POST /v1/approvals/{approval_id}/erase": WhyBody;
  "POST /v1/approvals/{approval_id}/reveal": WhyBody;
  "POST /v1/approvals/{approval_id}/votes": VoteBody;
  "POST /v1/cases/{case_id}/cancel": WhyBody;
  "POST /v1/cases/{case_id}/erase": WhyBody;
  "POST /v1/cases/{case_id}/hold": HoldBody;
  "POST /v1/cases/{case_id}/reveal": WhyBody;
  "POST /v1/checks/code": CodeBody;
  "POST /v1/checks/content": ContentBody;
  "POST /v1/holds/days": HoldDaysBody;
  "POST /v1/inbox/read": ReadBody;
  "POST /v1/interactions": OpenBody;
  "POST /v1/interactions/{interaction_id}/answer": AnswerBody;
  "POST /v1/interactions/{interaction_id}/cancel": ReasonBody;
  "POST /v1/keys/{key_id}/rotate": RotateBody;
  "PUT /v1/me/preferences": PreferencesBody;
  "POST /v1/models/{task}/rollback": RollbackBody;
  "POST /v1/overrides": OverrideProposalBody;
  "POST /v1/overrides/switch": SwitchBody;
  "POST /v1/overrides/{override_id}/confirm": ConfirmationBody;
  "POST /v1/overrides/{override_id}/revoke": RevocationBody;
  "POST /v1/policies/{task}": PolicyProposalBody;
  "POST /v1/policies/{task}/changes": serve_app__api__routes__policies__PolicyBody;
  "POST /v1/policies/{task}/dry-run": DryRunBody;
  "POST /v1/policies/{task}/revert": RevertBody;
  "POST /v1/policies/{task}/shadow": ShadowBody;
  "POST /v1/policies/{task}/stop": StopBody;
  "POST /v1/queues/{queue}/claim": ClaimBody | null;
  "POST /v1/reviews/{review_id}/amend": AmendBody;
  "POST /v1/reviews/{review_id}/assign": AssignBody;
  "POST /v1/reviews/{review_id}/decision": DecisionBody;
  "POST /v1/reviews/{review_id}/delegate": DelegateReviewBody;
  "POST /v1/reviews/{review_id}/draft": DraftBody;
  "POST /v1/reviews/{review_id}/escalate": EscalateBody;
  "POST /v1/reviews/{review_id}/failure": ReviewFailureBody;
  "POST /v1/reviews/{review_id}/heartbeat": HeartbeatBody;
  "POST /v1/reviews/{review_id}/release": ReleaseBody;
  "POST /v1/reviews/{review_id}/reopen": ReopenBody;
  "POST /v1/reviews/{review_id}/requeue": RequeueBody;
  "POST /v1/reviews/{review_id}/send-back": SendBackBody;
  "POST /v1/reviews/{review_id}/skip": SkipBody;
  "POST /v1/reviews/{review_id}/undo": UndoBody;
  "POST /v1/tasks/{task}/decisions": NewCaseBody;
  "POST /v1/tasks/{task}/decisions:batch": NewCasesBody;
  "PUT /v1/tasks/{task}/definition": DefinitionBody;
  "POST /v1/triggers": TriggerBody;
  "POST /v1/workflows": WorkflowBody;
  "POST /v1/workflows/cases": CaseBody;
  "POST /v1/workflows/{workflow_id}/cancel": ReasonBody;
  "POST /v1/workflows/{workflow_id}/decision": CaseDecisionBody;
  "POST /v1/workflows/{workflow_id}/failure": CaseFailureBody;
  "POST /v1/workflows/{workflow_id}/prediction": PredictionBody;
  "POST /v1/workflows/{workflow_id}/stages/{stage}/failure": StageFailureBody;
  "POST /v1/workflows/{workflow_id}/stages/{stage}/result": StageResultBody;
}
