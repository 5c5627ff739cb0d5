"""Answers of the service as the client reads them: one type for each view, under the view's own name.

Written by `python docs/make_client_types.py`; a test compares. A key that an answer may lack is ``NotRequired``. Where an
answer has one of several types, ``"key" in answer`` tells a type checker which.
"""

# ruff: noqa: E501
# fmt: off

from typing import Literal, NotRequired, TypeAlias, TypedDict, final

from hitl.client.free_json import Json, JsonObject


@final
class AcceptedResponse(TypedDict):
    """The answer has taken effect."""

    status: str
    message: str


@final
class AccountKeys(TypedDict):
    """The keys of one account, oldest first."""

    keys: 'list[KeyView]'


@final
class AccountView(TypedDict):
    """An account; the keys and sessions of a disabled one are worthless."""

    account: str
    roles: list[str]
    tasks: list[str]
    queues: list[str]
    skills: list[str]
    is_disabled: bool


@final
class Accounts(TypedDict):
    """Every account, in the order of their ids."""

    accounts: 'list[AccountView]'

Action: TypeAlias = Literal["automatic", "review", "expert"]


@final
class AgreementFigures(TypedDict):
    """Over ``cases`` with two answers or more: the ``raw`` share of pairs that agree in [0, 1], on a scale also those as near as the task counts as right, and Krippendorff's ``alpha``, at most 1 and 0 for what chance gives; each interval by resampling cases."""

    cases: int
    raw: 'Interval'
    alpha: 'Interval'


@final
class AmendedDecision(TypedDict):
    """A final decision whose label was ``was`` and is ``label`` now, by whoever amended it."""

    case_id: str
    review_id: str
    label: str
    was: str
    by: str


@final
class AnsweredInteraction(TypedDict):
    """Whether the interaction is over (``status``), and whether the one that it is a part of is (``is_decided``), with the ``decision`` field of its input; None without one."""

    interaction_id: str
    status: str
    is_decided: bool
    decision: Json


@final
class ApprovalFigures(TypedDict):
    """Counts by status and kind. Rates are of all that ended by votes, time or withdrawal, times in seconds from the request to that end; None without any. Once approvals are in the archive the median is right within a percent."""

    total: int
    pending: int
    by_status: dict[str, int]
    by_kind: dict[str, int]
    approval_rate: float | None
    rejection_rate: float | None
    timeout_rate: float | None
    average_decision_s: float | None
    median_decision_s: float | None


@final
class ApprovalOption(TypedDict):
    """An option that a voter can choose: ``outcome`` is what a vote for ``value`` does."""

    label: str
    value: str
    recommended: bool
    outcome: Literal["approve", "reject"]


@final
class ApprovalPage(TypedDict):
    """``approvals`` in the order of their requests; ``next`` is the cursor of the following page, None at the end."""

    approvals: 'list[ApprovalView]'
    next: int | None


@final
class ApprovalReveals(TypedDict):
    """Everybody who was shown the sealed values of the approval, oldest first."""

    approval_id: str
    reveals: 'list[RevealNote]'


@final
class ApprovalStanding(TypedDict):
    """Where an approval stands after a command: ``approving`` of ``quorum`` votes approve exactly ``digest``."""

    approval_id: str
    task: str
    digest: str
    quorum: int
    expires_at: float
    status: 'RequestStatus'
    approving: int


@final
class ApprovalTrail(TypedDict):
    """All that happened to an approval, oldest first: each entry has ``type``, ``at`` and the fields of its event."""

    approval_id: str
    status: 'RequestStatus'
    entries: list[JsonObject]


@final
class ApprovalView(TypedDict):
    """An approval with all that a voter sees, and without its encrypted values. hitl.approval.state.Approval tells what the fields mean."""

    approval_id: str
    kind: str
    task: str
    digest: str
    title: str
    description: str
    context: JsonObject
    evidence: JsonObject
    options: 'list[ApprovalOption]'
    in_words: 'InWords'
    default: 'SilentDefault | None'
    urgency: str
    metadata: JsonObject
    sealed: dict[str, str]
    checks: list[JsonObject]
    shown: str | None
    requested_by: str
    requested_at: float
    expires_at: float
    quorum: int
    policy: 'VotingPolicy'
    asked: list[str]
    is_open: bool
    schedule: 'list[ScheduledReminder | ScheduledEscalation]'
    step: int
    tells: 'RejectionTelling | None'
    status: 'RequestStatus'
    votes: 'list[CastVote]'
    tally: 'Tally'
    choice: str | None
    decided_at: float | None
    settled_at: float | None
    closing_reason: str | None
    history: list[JsonObject]


@final
class AskedAnswer(TypedDict):
    """How people answer, beside the labels: ``beside`` has the fields that may be added to a label, by the label; ``contents`` are those that the answer is about, in the order in which this person sees them; ``low`` and ``high`` say what the ends of a scale mean, and the model is right ``within`` so many of its points."""

    kind: Literal["label", "labels", "fields", "number", "scale", "verdict", "pair"]
    beside: 'dict[str, list[AskedField]]'
    contents: 'list[JudgedContent]'
    low: NotRequired[str]
    high: NotRequired[str]
    within: NotRequired[int]


@final
class AskedField(TypedDict):
    """A field of the answer; ``values`` are those of a choice, and ``title`` is what people read. ``min``, ``max``, ``step`` and ``unit`` are those of a number; ``least`` and ``most`` how many of the choices apply. ``is_automatic``: the model decided it, so that nobody is asked for it; another value overrides the model's."""

    name: str
    type: Literal["text", "long_text", "number", "money", "date", "choice", "choices"]
    title: str
    values: list[str]
    required: NotRequired[bool]
    max_chars: NotRequired[int]
    min: NotRequired[float | None]
    max: NotRequired[float | None]
    step: NotRequired[float | None]
    unit: NotRequired[str]
    least: NotRequired[int]
    most: NotRequired[int | None]
    is_automatic: NotRequired[bool]


@final
class AssignedReview(TypedDict):
    """Where the review waits and who alone may take it; ``lease`` is the one that somebody lost by it."""

    case_id: str
    review_id: str
    queue: str
    priority: 'Priority'
    assigned: str | None
    lease: int | None


@final
class Assignment(TypedDict):
    """An assignee, asked at ``assigned_at`` (UTC seconds)."""

    user_id: str | None
    role: str
    assigned_at: float


@final
class BackendHealth(TypedDict):
    """The backend answers."""

    status: Literal["UP"]
    model_class: str


@final
class BackendSetup(TypedDict):
    """``model_version`` is the digest that serves, empty without one."""

    model_version: str


@final
class BackendVersions(TypedDict):
    """The digests that serve, each beside the others while a canary runs; none before the first approval."""

    versions: list[str]

Ballot: TypeAlias = Literal["approve", "reject"]


@final
class BlindCase(TypedDict):
    """A case for who may still answer its blind review: neither the model's suggestion nor any outcome."""

    case_id: str
    request_id: str
    task: str
    review_id: str
    features: Json
    metadata: Json
    decision_url: str
    status: Literal["pending_human"]
    outcome: None
    outcomes: 'list[OutcomeRecord | ModelOutcome | ClientRecord]'
    version: int
    history: list[JsonObject]
    is_sealed: bool


@final
class CalibrationBin(TypedDict):
    """Answers with a confidence in (``low``, ``high``]: the mean ``confidence`` that the model states, and the share that is right."""

    low: float
    high: float
    confidence: float
    accuracy: 'Interval'


@final
class CallerView(TypedDict):
    """Who the caller is and what they may do; ``tasks`` and ``queues`` bound the roles, empty means all."""

    account: str
    roles: list[str]
    tasks: list[str]
    queues: list[str]
    skills: list[str]


@final
class CallersQueue(TypedDict):
    """One queue as the caller finds it. ``why_empty`` is None while they may claim something; ``rates`` are measured, and ``estimated_wait_s`` is that of the last in line, None without a rate. ``quarantined`` are review ids."""

    queue: str
    waiting: int
    by_priority: 'dict[str, int]'
    leased: int
    oldest_opened_at: float | None
    oldest_age_s: float | None
    for_you: int
    why_empty: 'WhyEmpty | NotPermitted | None'
    quarantined: list[str]
    rates: 'Rates'
    estimated_wait_s: float | None


@final
class CaseDecision(TypedDict):
    """A case, its input as readers may see it, and what became of it. ``outcome`` stands now, ``outcomes`` are all that the case has had and ``version`` their number. ``in_line`` is None for what does not wait. ``is_sealed``: its input, or a part of it, stands under a key of its own, so that it can be erased."""

    case_id: str
    request_id: str
    task: str
    status: 'CaseStatus'
    outcome: 'PersonOutcome | OutcomeRecord | ModelOutcome | ClientOutcome | ClientRecord | None'
    prediction: str | None
    prediction_probs: list[float] | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    processing_time: float
    route: 'TakenRoute'
    segment: str
    rules: list[str]
    is_high_risk: bool
    requires_compliance: bool
    certificate: str | None
    raw_confidence: float | None
    model_version: str | None
    policy_version: str
    generation: int
    decision_url: str
    features: Json
    metadata: Json
    declared_by: NotRequired[str | None]
    value: NotRequired[JsonObject | None]
    parts: 'NotRequired[dict[str, DecidedPart] | None]'
    boxes: 'NotRequired[dict[str, FieldBox] | None]'
    review_id: str | None
    outcomes: 'list[OutcomeRecord | ModelOutcome | ClientRecord]'
    version: int
    history: list[JsonObject]
    in_line: 'PlaceInLine | None'
    is_sealed: bool


@final
class CaseHold(TypedDict):
    """Until when (UTC seconds) nothing of a case may be erased, and who said so since ``at``."""

    case_id: str
    task: str
    until: float
    by: str
    reason: str
    at: float


@final
class CasePage(TypedDict):
    """Cases, newest first; ``next`` is the cursor of the page behind this one, None where there is none."""

    cases: 'list[FoundCase]'
    next: str | None


@final
class CaseReveals(TypedDict):
    """Everybody who was shown the whole input of the case, oldest first."""

    case_id: str
    reveals: 'list[RevealNote]'

CaseState: TypeAlias = Literal["started", "ai_processing", "routing_decision", "human_review", "expert_review", "completed", "failed"]

CaseStatus: TypeAlias = Literal["pending_human", "pending_expert", "provisional", "decided", "withdrawn"]
"""A case is provisional while its decision can still be undone, and withdrawn where its input was erased, or it was cancelled, before one."""


@final
class CaseTemplate(TypedDict):
    """How a type of case is routed, kept with each case. A condition is ``{"field", "above" | "below" | "equals"}`` about the request: a case with one of ``high_risk`` goes to an expert, with one of ``compliance`` to a person. ``approves`` are the labels that may be approved without a person, None: all."""

    thresholds: 'ConfidenceBands'
    high_risk: list[JsonObject]
    compliance: list[JsonObject]
    approves: list[Json] | None
    review_timeout_s: float


@final
class CaseView(TypedDict):
    """A case on its way through prediction, routing and people. ``results`` are by the state that it was in; ``interaction_id`` is the people's part that is open. ``current_state`` and ``status`` repeat ``state``; ``decision_status`` is what it has come to, as clients of the documents know it. ``progress`` is in [0, 1]; ``estimated_completion`` is None before a case of the type was measured, and after the end."""

    kind: NotRequired[Literal["case"]]
    workflow_id: str
    type: str
    template: 'CaseTemplate'
    request_data: JsonObject
    started_by: str
    created_at: float
    updated_at: float
    state: 'CaseState'
    context: JsonObject
    results: JsonObject
    transitions: 'list[Transition]'
    interaction_id: str | None
    error: str | None
    current_state: 'CaseState'
    status: 'CaseState'
    decision_status: str
    progress: float
    estimated_completion: float | None


@final
class CastVote(TypedDict):
    """A vote that ``voter`` cast ``at`` UTC seconds for exactly ``digest``; ``option`` is the value that they chose."""

    voter: str
    vote: 'Ballot'
    digest: str
    comment: str
    at: float
    option: str


@final
class CertificateOverview(TypedDict):
    """What may be automatic. ``models`` holds, by serving version and segment, what the answers prove now; ``certificates`` are those that the journal holds, newest last; ``audit`` is the probability in [0, 1] of a blind check, by segment. ``challengers`` compares each model that waits for votes with the champion, on rows of the vault; ``waits_for`` says in words what each of those would still wait for, had people approved it; ``left_out``, ``archive_gaps`` and ``deleted_days`` as in TaskQuality."""

    task: str
    risk: 'Literal["uncertified"] | Risk'
    stopped: dict[str, str]
    audit: dict[str, float]
    models: 'dict[str, dict[str, SegmentFinding]]'
    certificates: 'list[CertificateView]'
    challengers: 'dict[str, VaultComparison]'
    waits_for: dict[str, str]
    left_out: 'LeftOutFigures | None'
    archive_gaps: list[str]
    deleted_days: list[str]


@final
class CertificateView(TypedDict):
    """A certificate for the digest ``model``, in force since ``generation``, made ``at`` (UTC seconds). ``certificate`` is the digest of ``evidence``."""

    task: str
    generation: int
    model: str
    certificate: str
    evidence: JsonObject
    at: float


@final
class CertificationPlan(TypedDict):
    """``grid`` runs from the safest threshold to the riskiest; ``starts`` are (position, share of delta); ``pilot`` counts the cases or rows that fixed them, which ``source`` names. Only cases that came after ``since`` (UTC seconds) prove anything: 0 where the plan rests on no case of the traffic. ``cycle`` numbers the plans of a task from 1, one for each model under each policy, and the shares of delta fall with it, so that all of them together keep the promise; 0: made before they were numbered, each at the full delta."""

    grid: list[float]
    starts: list[list[int | float]]
    pilot: int
    since: NotRequired[float]
    source: NotRequired[str]
    cycle: NotRequired[int]


@final
class ChangedField(TypedDict):
    """One field that differs: ``path`` names it with dots, a rule or a segment by its own name; ``before`` or ``after`` is null where the field is absent there."""

    path: str
    before: Json
    after: Json


@final
class ChangedOverride(TypedDict):
    """An override of ``task`` after somebody confirmed or revoked it."""

    override_id: str
    task: str
    status: 'OverrideStatus'


@final
class ChangedPolicy(TypedDict):
    """``digest`` is that of the policy that routes now; None: the one of the task's configuration."""

    task: str
    generation: int
    versions: list[list[str | float]]
    digest: str | None


@final
class ChangedServing(TypedDict):
    """The task's next ``generation``, and the ``versions`` that serve in it."""

    task: str
    generation: int
    versions: list[list[str | float]]


@final
class ChangedWorkflow(TypedDict):
    """``happened`` are the names of the events, in order."""

    workflow_id: str
    happened: list[str]


@final
class ChannelView(TypedDict):
    """A channel without its address: ``is_configured`` says whether it leads anywhere here, ``takes_trials`` whether a test message can be sent to it, ``fallback`` what stands in for it while it is away."""

    name: str
    type: str
    is_configured: bool
    takes_trials: bool
    fallback: str | None


@final
class Channels(TypedDict):
    """Where messages may go, in the order of the configuration."""

    channels: 'list[ChannelView]'


@final
class ClientOutcome(TypedDict):
    """The outcome of people that stands, without their names and words. It can change until ``final_at``."""

    label: str
    by: Literal["person"]
    confidence: float
    decided_at: float
    agrees_with_model: bool | None
    final_at: float


@final
class ClientRecord(TypedDict):
    """What people made of a case at ``at``, without their names and words."""

    label: str
    by: Literal["person"]
    at: float


@final
class CodeCheck(TypedDict):
    """``is_safe``: nothing above a low severity was found, and the check could look."""

    check: str
    severity: 'Severity'
    findings: 'list[Finding]'
    is_safe: bool

ComplianceReport = TypedDict("ComplianceReport", {"from": str | None, "to": str | None, "tasks": 'dict[str, dict[str, ReportLine]]'})
"""Flagged cases and approvals of the UTC days ``from`` to ``to`` (both included; None: unbounded), by task and by name of the count."""


@final
class ConfidenceBands(TypedDict):
    """Probabilities: above ``automatic`` no person is needed, above ``review`` one in the ordinary order, above ``expert`` one soon; the rest goes to an expert."""

    automatic: float
    review: float
    expert: float


@final
class ContentCheck(TypedDict):
    """``policies`` were checked; ``is_compliant``: none of them is violated."""

    check: str
    severity: 'Severity'
    findings: 'list[Finding]'
    policies: list[str]
    is_compliant: bool


@final
class DaysHold(TypedDict):
    """Until when (UTC seconds) nothing may be erased of the cases of ``task`` that came on the UTC days ``first_day`` to ``last_day``, and who said so since ``at``."""

    task: str
    first_day: str
    last_day: str
    until: float
    by: str
    reason: str
    at: float


@final
class DecidedCase(TypedDict):
    """The case's state after the person's decision."""

    workflow_id: str
    status: str
    decision_processed: bool


@final
class DecidedPart(TypedDict):
    """Who decided a part of the answer, None while nobody has; ``is_override``: a person changed what the model had decided."""

    by: Literal["model", "person"] | None
    is_override: bool


@final
class DecidedReview(TypedDict):
    """An answer that settled its review. ``label`` is the decision, ``reviewer`` gave the last answer; ``agrees_with_model`` is None where no model had said anything. It is provisional and can be undone until ``final_at``."""

    case_id: str
    review_id: str
    label: str
    reviewer: str
    agrees_with_model: bool | None
    status: Literal["provisional", "decided"]
    decided_at: float
    final_at: float


@final
class DefinitionInForce(TypedDict):
    """What defines ``task`` from its serving ``generation`` on: ``definition``, as its author wrote it, in force since ``since`` (UTC seconds) by the approval ``approval_id``; None: its file gave it at the first start. ``guided`` are the answers that may have a guideline, in the order in which people see them. ``waits`` are changes that are voted on."""

    task: str
    digest: str
    since: float
    generation: int
    approval_id: str | None
    definition: JsonObject
    guided: list[str]
    waits: 'list[WaitingChange]'


@final
class DefinitionProposal(TypedDict):
    """What became of a proposed definition ``digest`` of ``task``: it is ``in_force`` already, or waits for the votes of ``approval_id``. ``changes`` says in words what differs from the definition in force."""

    task: str
    digest: str
    status: str
    approval_id: str | None
    changes: list[str]


@final
class Deliveries(TypedDict):
    """A page of deliveries of one status; ``counts`` are of all, by what happened to them since the first."""

    counts: dict[str, int]
    deliveries: 'list[Delivery]'


@final
class Delivery(TypedDict):
    """``id`` is the same in every attempt, so that a receiver can tell a repetition. ``body`` is what is sent as JSON; ``title`` its line for people. ``is_permanent`` of an error means that no further try can help. ``traceparent`` and ``tracestate`` are the trace that it is sent in; empty, and then not stored, without one."""

    id: str
    channel: str
    kind: str
    title: str
    body: JsonObject
    created_at: float
    severity: NotRequired[str]
    fallback: NotRequired[str | None]
    status: 'NotRequired[DeliveryStatus]'
    attempts: NotRequired[int]
    replays: NotRequired[int]
    next_at: NotRequired[float]
    last_error: NotRequired[str | None]
    ended_at: NotRequired[float | None]
    traceparent: NotRequired[str]
    tracestate: NotRequired[str]


@final
class DeliveryLog(TypedDict):
    """The newest attempts, the last one first."""

    attempts: 'list[LoggedAttempt]'

DeliveryStatus: TypeAlias = Literal["waiting", "delivered", "dead"]

Direction: TypeAlias = Literal["at_least", "at_most"]


@final
class Done(TypedDict):
    """Nothing to tell."""



@final
class Draft(TypedDict):
    """An unfinished answer, any JSON object, as it was saved at ``at``."""

    draft: JsonObject
    at: float


@final
class DriftPaths(TypedDict):
    """The error of automatic decisions over time, by segment. ``alarm_at`` is the evidence at which automation stops, None for an uncertified task; ``missing`` says why there is no path, None where there is one."""

    segments: 'dict[str, list[DriftStretch]]'
    alarm_at: float | None
    missing: str | None


@final
class DriftProgress(TypedDict):
    """Blind checks so far (``audits``), the evidence of drift from them, and the evidence at which automation stops."""

    audits: int
    evidence: float
    alarm_at: float

DriftStretch = TypedDict("DriftStretch", {"value": float | None, "low": float, "high": float | None, "n": int, "confidence": float, "method": str, "from": float, "to": float, "wrong": int, "evidence": float | None})
"""The error rate in [0, 1] of successive checks, answered ``from`` one moment ``to`` another (UTC seconds); ``wrong`` of them were. ``evidence`` is the e-detector's value at the end, None where the risk has no level to hold it against."""


@final
class EndedSession(TypedDict):
    """The session is over."""

    session: str
    is_over: NotRequired[bool]


@final
class ErasedApproval(TypedDict):
    """The sealed values of the approval are gone for ever."""

    approval_id: str
    is_erased: NotRequired[bool]


@final
class ErasedCase(TypedDict):
    """The input of the case is gone for ever."""

    case_id: str
    is_erased: NotRequired[bool]


@final
class FailedReview(TypedDict):
    """A review that could not be shown, with how often that was reported; in quarantine it waits for an operator."""

    case_id: str
    review_id: str
    queue: str
    priority: 'Priority'
    assigned: str | None
    failures: int
    is_quarantined: bool


@final
class FailureAnalysis(TypedDict):
    """Why a stage failed at its ``attempt``, what helps, and whether it is tried again or a person has a look."""

    stage: str
    stage_type: str
    category: str
    error: str
    attempt: int
    suggestion: str
    willRetry: bool
    requiresHumanIntervention: bool


@final
class FieldBox(TypedDict):
    """``box`` is left, top, right and bottom, each as a share of the page's width or height; ``page`` counts from 1."""

    page: int
    box: list[float]


@final
class FileHandle(TypedDict):
    """The name of a file in the ``features`` of a case. ``sha256`` and ``bytes`` are the file's, ``type`` is what its first bytes say; ``pages`` are there for a document, ``duration_ms`` for a recording. ``key`` is opaque: only the account that brought the file can use it, for cases of the same task."""

    sha256: str
    type: str
    bytes: int
    key: str
    pages: NotRequired[int]
    duration_ms: NotRequired[int]


@final
class Finding(TypedDict):
    """``line`` counts from 1. The reason never repeats what was found: it is journalled."""

    line: int
    rule: str
    reason: str
    severity: 'Severity'


@final
class FirstAnswer(TypedDict):
    """The answer to a case when it comes: decided by the model, or on its way to people, where ``decision_url`` shows what they say. ``confidence`` is calibrated where the model carries a calibration, ``raw_confidence`` is the model's own; both are in [0, 1], ``processing_time`` is in seconds. What the model says is None without one. ``declared_by`` names the account that declared the prediction; it is absent, or None, for one that was computed here. ``value`` are the fields that stand, as declared or as people corrected them; it is absent, or None, where answers are labels and where no fields stand. ``parts`` says of each field who decided it; it is absent, or None, where the model decided none by itself. ``boxes`` are where on the pages of the case's file its client read the declared fields; it is absent, or None, where the client did not say."""

    case_id: str
    request_id: str
    task: str
    status: 'CaseStatus'
    outcome: 'PersonOutcome | OutcomeRecord | ModelOutcome | ClientOutcome | ClientRecord | None'
    prediction: str | None
    prediction_probs: list[float] | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    processing_time: float
    route: 'TakenRoute'
    segment: str
    rules: list[str]
    is_high_risk: bool
    requires_compliance: bool
    certificate: str | None
    raw_confidence: float | None
    model_version: str | None
    policy_version: str
    generation: int
    decision_url: str
    features: Json
    metadata: Json
    declared_by: NotRequired[str | None]
    value: NotRequired[JsonObject | None]
    parts: 'NotRequired[dict[str, DecidedPart] | None]'
    boxes: 'NotRequired[dict[str, FieldBox] | None]'

FlowStatus: TypeAlias = Literal["created", "running", "waiting_approval", "completed", "failed", "cancelled"]


@final
class FoundCase(TypedDict):
    """A case that people have seen or will see, as it stands now. ``label`` is the outcome that stands, ``by`` who gave it: people's names, or ``model``. ``is_hidden``: the searcher may still answer it, so that neither the model's suggestion nor the outcome is told. Times are UTC seconds."""

    case_id: str
    review_id: str
    task: str
    queue: str
    status: Literal["waiting", "leased", "provisional", "decided", "quarantined", "withdrawn"]
    priority: 'Priority'
    opened_at: float
    due_at: float
    segment: str
    prediction: str | None
    confidence: float | None
    label: str | None
    by: list[str]
    is_hidden: bool


@final
class FunctionCall(TypedDict):
    """A function that waits for an approval, or has one."""

    run_id: str
    call_id: str
    spec: 'FunctionCallSpec'
    status: 'FunctionCallStatus'


@final
class FunctionCallSpec(TypedDict):
    """What was asked: the function and its arguments. ``channel`` and ``reject_options`` are as they came, without secrets."""

    fn: str
    kwargs: JsonObject
    channel: JsonObject | None
    reject_options: list[JsonObject] | None
    state: JsonObject | None


@final
class FunctionCallStatus(TypedDict):
    """``approved`` None: people have not decided. False also for what expired or was withdrawn; ``comment`` then says so."""

    requested_at: str
    responded_at: str | None
    approved: bool | None
    comment: str | None
    reject_option_name: str | None
    slack_message_ts: NotRequired[str | None]


@final
class GivenAnswer(TypedDict):
    """The fields of the form as one person filled them in, and when (UTC seconds)."""

    input: JsonObject
    at: float


@final
class GrantView(TypedDict):
    """A wish for rights that takes a second person until ``ends_at``. ``kind`` is ``account`` (it is to be as ``wish`` says) or ``key`` (it is to get one more key); ``status`` is ``open``, ``confirmed``, ``refused`` or ``expired``."""

    grant_id: str
    kind: str
    wish: 'AccountView'
    status: str
    asked_by: str
    asked_at: float
    ends_at: float
    settled_by: str | None


@final
class Grants(TypedDict):
    """The grants of the last days, newest first."""

    grants: 'list[GrantView]'


@final
class HandedOnReview(TypedDict):
    """An answer that waits for another person's, or for an expert's with its reason."""

    case_id: str
    review_id: str
    label: str
    reviewer: str
    status: Literal["answered"]
    waits_for: Literal["another", "expert"]
    reason: str | None


@final
class HeldAtHand(TypedDict):
    """All that the caller holds, oldest grant first."""

    reviews: 'list[ReviewAtHand]'


@final
class HeldCase(TypedDict):
    """The case is held until ``until`` (UTC seconds)."""

    case_id: str
    until: float


@final
class HeldCases(TypedDict):
    """All that is held now: single cases, and tasks on days."""

    case_ids: list[str]
    cases: 'NotRequired[list[CaseHold]]'
    days: 'NotRequired[list[DaysHold]]'


@final
class HeldDays(TypedDict):
    """The cases of ``task`` on the days are held until ``until`` (UTC seconds)."""

    task: str
    first_day: str
    last_day: str
    until: float


@final
class HoldFound(TypedDict):
    """The hold of a case that is in force; None: it is not held."""

    hold: 'CaseHold | None'


@final
class HumanContact(TypedDict):
    """A question to a person, with the answer once there is one."""

    run_id: str
    call_id: str
    spec: 'HumanContactSpec'
    status: 'HumanContactStatus'


@final
class HumanContactSpec(TypedDict):
    """The question. ``channel`` and ``response_options`` are as they came, without secrets."""

    msg: str
    subject: str | None
    channel: JsonObject | None
    response_options: list[JsonObject] | None
    state: JsonObject | None


@final
class HumanContactStatus(TypedDict):
    """``response`` None: nobody has answered. Of a question that ended without an answer it says so."""

    requested_at: str
    responded_at: str | None
    response: str | None
    response_option_name: str | None


@final
class InWords(TypedDict):
    """What a vote does, in plain English: ``options`` a sentence for each option, ``votes`` who votes and when it is approved, ``silence`` what holds when nobody decides, ``deadline`` until when votes count."""

    options: list[str]
    votes: str
    silence: str
    deadline: str


@final
class InboxPage(TypedDict):
    """The newest notices to the caller and to their roles, newest first; ``unread`` counts those without the caller's mark."""

    notices: 'list[Notice]'
    unread: int


@final
class InteractionList(TypedDict):
    """Interactions, newest first. ``is_cut``: more were asked for, and would make the answer too large."""

    interactions: 'list[InteractionView]'
    is_cut: NotRequired[bool]


@final
class InteractionResponse(TypedDict):
    """The documents' InteractionResponse. Times are ISO 8601 with their offset; ``details`` is what the person needs too."""

    interaction_id: str
    status: 'InteractionStatus'
    ui_schema: JsonObject
    data: JsonObject
    details: JsonObject
    pattern: str
    pipeline_name: str
    step_name: str
    priority: str
    created_at: str
    expires_at: str

InteractionStatus: TypeAlias = Literal["pending", "completed", "expired", "cancelled"]


@final
class InteractionView(TypedDict):
    """An interaction with every field. Times are UTC seconds. ``data`` is the pipeline's and ``human_input`` the people's, None without an answer. ``answers`` has each person's last answer; ``default_input`` is what the deadline answers; ``rule`` says how votes are counted; ``parent`` is the request for many approvals that this one belongs to; ``closed_by`` is a person, ``time``, or ``approval``. ``tally`` is None where nobody votes."""

    interaction_id: str
    pattern: str
    pipeline_name: str
    step_name: str
    step_status: str
    task: str | None
    workflow_id: str | None
    parent: str | None
    data: JsonObject
    details: JsonObject
    ui_schema: JsonObject
    assignments: 'list[Assignment]'
    rule: str | None
    default_input: JsonObject | None
    priority: str
    timeout_seconds: float
    created_by: str
    created_at: float
    expires_at: float
    status: 'InteractionStatus'
    answers: 'dict[str, GivenAnswer]'
    human_input: JsonObject | None
    closed_by: str | None
    completed_at: float | None
    reason: str | None
    tally: 'VoteTally | None'


@final
class Interval(TypedDict):
    """``low <= value <= high`` holds the true figure with probability ``confidence``; ``n`` labels support it. ``value`` is None, and the interval is all that is possible, when nothing was observed."""

    value: float | None
    low: float
    high: float
    n: int
    confidence: float
    method: str


@final
class IssuedKey(TypedDict):
    """A key with its text (``key``), which is shown this once."""

    key_id: str
    account: str
    created_at: float
    expires_at: float | None
    key: str

JobStatus: TypeAlias = Literal["triggered", "submitted", "succeeded", "failed"]
"""``triggered`` waits for its job to be submitted; the last two are final."""


@final
class JudgedContent(TypedDict):
    """A content that the answer is about, at ``path`` of the features; ``label`` is the answer that prefers it, None for the content of a verdict."""

    path: str
    label: str | None


@final
class KeptLease(TypedDict):
    """The lease runs anew for ``lease_s``."""

    review_id: str
    lease: int
    lease_s: float


@final
class KeyView(TypedDict):
    """A key without its secret; ``expires_at`` None: it works until it is revoked."""

    key_id: str
    account: str
    created_at: float
    expires_at: float | None


@final
class KnownItem(TypedDict):
    """What an answer is compared with: the true ``label``, the ``probability`` of having been asked, and what was ``suggested`` (None: asked blind)."""

    label: str
    probability: float
    suggested: str | None


@final
class LabelPrediction(TypedDict):
    """One task's prediction. ``result`` is a choice in Label Studio's form, empty where the task has no usable input or the model gave no numbers. ``model_version`` ends with what would happen to such a case: ``automatic`` or ``people``."""

    result: list[JsonObject]
    score: float
    model_version: str


@final
class LabelPredictions(TypedDict):
    """One for each task, in order."""

    results: 'list[LabelPrediction]'
    model_version: str


@final
class LearningCurve(TypedDict):
    """``points``, oldest first; ``missing`` says why there are none, None where there are."""

    points: 'list[LearningPoint]'
    missing: str | None


@final
class LearningPoint(TypedDict):
    """A version's accuracy in [0, 1] with its 95 % interval, when it first served at ``at`` (UTC seconds). ``labels`` are the rows it was trained on, ``n`` the held-out ones; ``held_out`` is their digest: points with another one were measured on other rows."""

    model: str
    at: float
    labels: int
    value: float
    low: float
    high: float
    n: int
    held_out: str | None


@final
class LeftOutFigures(TypedDict):
    """Answers to checks that are no evidence: ``quick`` ones, and those of people who failed the ``known_answers``. ``waiting`` checks of them count as wrong, since nobody else has answered them yet."""

    quick: int
    known_answers: int
    waiting: int


@final
class LoggedAttempt(TypedDict):
    """An attempt in the log: the ``attempt``-th of the delivery ``id``, at ``at`` (UTC seconds), which took ``seconds``; ``status`` is the delivery's afterwards, ``error`` None where the channel took it."""

    id: str
    channel: str
    at: float
    seconds: float
    attempt: int
    status: 'DeliveryStatus'
    error: str | None


@final
class LoopDescription(TypedDict):
    """A loop as it stands. The failure is that of a loop that nobody answered in time."""

    CreationTime: str
    HumanLoopStatus: Literal["InProgress", "Failed", "Completed", "Stopped", "Stopping"]
    HumanLoopName: str
    HumanLoopArn: str
    FlowDefinitionArn: str
    HumanLoopOutput: 'LoopOutput | None'
    FailureCode: str | None
    FailureReason: str | None


@final
class LoopOutput(TypedDict):
    """Where the people's answers are."""

    OutputS3Uri: str


@final
class LoopSummaries(TypedDict):
    """A page; ``NextToken`` is null at the end."""

    HumanLoopSummaries: 'list[LoopSummary]'
    NextToken: str | None


@final
class LoopSummary(TypedDict):
    """A loop in a list."""

    HumanLoopName: str
    HumanLoopStatus: Literal["InProgress", "Failed", "Completed", "Stopped", "Stopping"]
    CreationTime: str
    FailureReason: str | None
    FlowDefinitionArn: str


@final
class MentionablePeople(TypedDict):
    """The names of people who may see a case."""

    people: list[str]


@final
class MetricFigure(TypedDict):
    """``value`` in ``unit`` (``share`` is in [0, 1], ``s`` seconds), from ``n`` observations; None where ``n`` is 0. ``definition`` says in words what is counted."""

    value: float | None
    n: int
    unit: str
    definition: str


@final
class ModelOutcome(TypedDict):
    """The model's decision, or an override's."""

    label: str
    by: NotRequired[Literal["model", "override"]]


@final
class ModelPerformance(TypedDict):
    """Final decisions that equal the model's prediction (``agreed``), of those that can be compared. No quality figure: people saw the prediction."""

    agreed: int
    compared: int


@final
class ModelThresholds(TypedDict):
    """The digest of a ``certificate``, the policy that it is about, and by segment the score from which cases are automatic, None where none is."""

    certificate: NotRequired[str]
    policy_version: NotRequired[str]
    segments: NotRequired[dict[str, float | None]]


@final
class MoneyLost(TypedDict):
    """``lost`` dollars in ``labels`` random answers at or above the threshold, where at most ``per_decision`` in the mean are allowed, and no case in the certificate's traffic can cost more than ``most``."""

    per_decision: float
    most: float
    lost: float
    labels: int


@final
class MoneyTerms(TypedDict):
    """Automatic decisions may cost at most ``per_decision`` dollars in the mean. A case whose error could cost more than ``most`` is never automatic."""

    per_decision: float
    most: float


@final
class NotPermitted(TypedDict):
    """The reason for nothing is the caller's role or tasks."""

    reason: NotRequired[Literal["permission"]]


@final
class NotedAbsence(TypedDict):
    """``person`` is away until ``until``. ``delegated`` are the approvals whose vote passed to ``deputy``."""

    person: str
    until: float
    deputy: str | None
    delegated: list[str]


@final
class Notice(TypedDict):
    """A notice of ``at`` (UTC seconds) about ``kind``, with its fields in ``data``; ``is_read`` is the reader's own mark."""

    id: str
    at: float
    title: str
    severity: str
    kind: str
    data: JsonObject
    is_read: NotRequired[bool]


@final
class OneDelivery(TypedDict):
    """One message to one channel."""

    delivery: 'Delivery'


@final
class OpenAlert(TypedDict):
    """An alert that was told and is not over. ``seq`` grows with each of its changes."""

    rule: str
    key: str
    seq: int
    fired_at: float
    value: float
    escalated_at: NotRequired[float | None]


@final
class OpenedSession(TypedDict):
    """The caller's new session: it ends ``idle_s`` seconds after the last request, at the latest at ``ends_at``."""

    account: str
    roles: list[str]
    tasks: list[str]
    queues: list[str]
    skills: list[str]
    session: str
    idle_s: float
    ends_at: float


@final
class OutcomeRecord(TypedDict):
    """What people made of a case at ``at``. ``reviewers`` gave the label, ``reason`` is that of an amendment or a disagreement, else empty."""

    label: str
    by: Literal["person"]
    reviewers: list[str]
    reason: str
    at: float


@final
class OverrideList(TypedDict):
    """Overrides, oldest first. ``switched_off`` names the tasks whose overrides answer nothing, with the reason; ``switched_on`` says when those of a task were last allowed again (UTC seconds)."""

    overrides: 'list[OverrideView]'
    switched_off: dict[str, str]
    switched_on: dict[str, float]

OverrideStatus: TypeAlias = Literal["proposed", "confirmed", "revoked"]
"""``proposed`` answers nothing yet; ``revoked`` never again."""


@final
class OverrideView(TypedDict):
    """People decided the case ``override_id`` as ``label`` where the model said ``model_label``. ``confirmed_by`` are the people who said so, the first of them first. ``reason`` tells why it was revoked, None before. Times are UTC seconds."""

    override_id: str
    task: str
    label: str
    model_label: str
    proposed_at: float
    expires_at: float
    reason: str | None
    confirmed_by: list[str]
    status: 'OverrideStatus'


@final
class PairAgreement(TypedDict):
    """The share in [0, 1] of the ``n`` cases answered by both ``a`` and ``b`` on which they agree."""

    value: float | None
    low: float
    high: float | None
    n: int
    confidence: float
    method: str
    a: str
    b: str


@final
class PartComparison(TypedDict):
    """Of ``rows``, ``wins`` where the challenger alone is right and ``losses`` where the champion alone is; ``gain`` is the difference in accuracy on the traffic, weighted by the draws, None without rows. ``better`` and ``worse`` are the log evidence of either."""

    rows: int
    wins: int
    losses: int
    gain: float | None
    better: float
    worse: float


@final
class PendingInteractions(TypedDict):
    """The interactions that wait for one person, oldest first. Changes after ``cursor`` are not in them. ``is_cut``: there are more, and they would make the answer too large; they come as the first are answered."""

    interactions: 'list[InteractionView]'
    cursor: int
    is_cut: NotRequired[bool]


@final
class PeopleAgreement(TypedDict):
    """Agreement between ``people``, those with the most answers first; ``alpha`` is Krippendorff's over all of them, at most 1 and 0 for what chance gives. ``missing`` says why there are no pairs, None where there are."""

    people: list[str]
    pairs: 'list[PairAgreement]'
    alpha: 'Interval'
    missing: str | None


@final
class PeopleMetrics(TypedDict):
    """``active_reviewers`` answered at least once; ``avg_review_time`` in seconds from a lease to its answer; ``sla_compliance`` the share in [0, 1] that was answered by its deadline. None where nothing was counted."""

    active_reviewers: float | None
    avg_review_time: float | None
    sla_compliance: float | None


@final
class Period(TypedDict):
    """From ``since`` on, before ``until`` (UTC seconds)."""

    since: float
    until: float

PeriodFigures = TypedDict("PeriodFigures", {"from": str | None, "to": str | None, "tasks": 'dict[str, TaskFigures]'})
"""Figures by task, of the UTC days ``from`` to ``to`` (both included); None for both: since the first entry. The task ``-`` stands for what belongs to none."""


@final
class PermissionsView(TypedDict):
    """What the caller's roles allow, as names such as ``see_approvals``; a page offers only what stands here."""

    may: list[str]


@final
class PersonOutcome(TypedDict):
    """The outcome of people that stands, with what its review knows of it. ``reviewer`` gave the last answer, ``confidence`` in [0, 1] is theirs; ``agrees_with_model`` is None where no model had said anything. It can be undone until ``final_at``."""

    label: str
    by: Literal["person"]
    reviewer: str
    confidence: float
    comment: str
    decided_at: float
    agrees_with_model: bool | None
    reviewers: list[str]
    final_at: float


@final
class PlaceInLine(TypedDict):
    """Where the review stands over all shards, 1 being the next. The wait is at the queue's measured rate, None without one."""

    queue: str
    position: int
    time_in_queue_s: float
    estimated_wait_s: float | None


@final
class PointerView(TypedDict):
    """The ``generation`` of what serves a task, and its ``versions`` as in ServingView."""

    generation: int
    versions: list[list[str | float]]


@final
class PolicyChange(TypedDict):
    """A policy that was adopted or came back at ``since`` (UTC seconds); ``policy`` None: the one of the configuration."""

    generation: int
    since: float | None
    cause: str | None
    approval_id: str | None
    operator: str | None
    reason: str | None
    policy: JsonObject | None


@final
class PolicyDifference(TypedDict):
    """What a policy of this ``version`` would change in the one in force, whose version is ``replaces``; the fields in the order of their paths, none where both say the same."""

    task: str
    version: str
    replaces: str
    changes: 'list[ChangedField]'


@final
class PolicyHistory(TypedDict):
    """Every change of the task's policy, oldest first."""

    task: str
    history: 'list[PolicyChange]'


@final
class PolicyShadow(TypedDict):
    """A policy that watches: ``routes`` counts its ``cases`` by ``taken>would``."""

    route_disagreement: 'Interval'
    in_force: 'RouteSide'
    watching: 'RouteSide'
    cases: int
    routes: dict[str, int]


@final
class PolicyTrial(TypedDict):
    """A proposed policy beside the one in force; ``moved`` counts the cases that change their route, by ``from -> to``. Both are None without a proposal. Where ``is_masked``, rules saw ``***`` in place of every sensitive value."""

    in_force: 'TrialFigures'
    proposed: 'TrialFigures | None'
    moved: dict[str, int] | None
    is_masked: NotRequired[bool]


@final
class Preferences(TypedDict):
    """How a person wants the console, on every machine; None: they have not chosen. ``tour`` says whether they took the first-run tour or declined it; ``views`` are the searches that they saved, in their own order."""

    tour: NotRequired[Literal["taken", "skipped"] | None]
    theme: NotRequired[Literal["auto", "light", "dark"] | None]
    language: NotRequired[Literal["en", "de"] | None]
    density: NotRequired[Literal["comfortable", "compact"] | None]
    views: 'NotRequired[list[SavedView] | None]'

Priority: TypeAlias = Literal["urgent", "high", "normal", "low"]
"""From the most pressing; FIFO within each."""


@final
class ProblemDocument(TypedDict):
    """A refusal (RFC 9457). ``type`` is `urn:ray-hitl:problem:` and the stable name of the problem, ``instance`` names the request, ``timestamp`` is in UTC; ``errors`` come where the body does not fit its schema."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    timestamp: str
    errors: 'NotRequired[list[ProblemPlace]]'


@final
class ProblemPlace(TypedDict):
    """A part of the body, by its JSON pointer, and what was expected there."""

    pointer: str
    expected: str


@final
class ProcessingMetrics(TypedDict):
    """Counts of routed cases; ``automation_rate`` in [0, 1] and the smoothed processing time in milliseconds, None before the first case."""

    total_decisions: int
    automated_decisions: int
    human_reviews: int
    expert_escalations: int
    automation_rate: float | None
    avg_processing_time_ms: float | None


@final
class ProposedOverride(TypedDict):
    """A new override: ``confirmed`` where an expert proposed it, else ``proposed``."""

    override_id: str
    status: 'OverrideStatus'


@final
class ProposedPolicy(TypedDict):
    """The approval that votes on the policy with this ``version``."""

    approval_id: str
    task: str
    digest: str
    quorum: int
    expires_at: float
    status: 'RequestStatus'
    approving: int
    version: str


@final
class PublishedFigure(TypedDict):
    """An interval as it is published: ``high`` None where it has no end, ``value`` None where nothing was observed."""

    value: float | None
    low: float
    high: float | None
    n: int
    confidence: float
    method: str


@final
class QueueDepth(TypedDict):
    """``by_priority`` counts what waits of each priority, ``leased`` what people hold. The oldest is None in an empty queue."""

    waiting: int
    by_priority: 'dict[str, int]'
    leased: int
    oldest_opened_at: float | None
    oldest_age_s: float | None


@final
class QueueDepths(TypedDict):
    """Every queue of every task, by its name."""

    queues: 'dict[str, QueueDepth]'


@final
class QueueForecast(TypedDict):
    """How many people answer, until ``until`` (ISO 8601, UTC), what waits and what will arrive; None while nobody's speed is known. ``text`` says it in words."""

    queue: str
    waiting: int
    rates: 'Rates'
    reviewers_needed: float | None
    until: str
    text: str


@final
class QueueStatus(TypedDict):
    """Reviews that wait for a person, in all and by priority."""

    total_pending: int
    by_priority: dict[str, int]


@final
class Rates(TypedDict):
    """Per second; None where fewer than two events were seen. ``handling_s`` is the mean time a person needs."""

    arrivals_per_s: float | None
    answers_per_s: float | None
    handling_s: float | None


@final
class ReadNotices(TypedDict):
    """The ids that were marked as read."""

    read: list[str]


@final
class RejectionTelling(TypedDict):
    """The people in ``tell``, the members of ``groups``, hear of a rejection, by the configured ``rule``."""

    rule: str
    groups: list[str]
    tell: list[str]


@final
class Reliability(TypedDict):
    """Calibration: the bins that hold an answer, from low to high, and ``ece``, the expected calibration error in [0, 1]."""

    bins: 'list[CalibrationBin]'
    ece: 'Interval'


@final
class ReopenedReview(TypedDict):
    """A new review of a decided case, and where it waits; ``reopens`` is the decided one."""

    case_id: str
    review_id: str
    queue: str
    priority: 'Priority'
    assigned: str | None
    reopens: str


@final
class ReplayedDeliveries(TypedDict):
    """The ids of the deliveries that are sent again."""

    replayed: list[str]


@final
class ReplayedDelivery(TypedDict):
    """``replayed`` is false for a delivery that waits already."""

    delivery_id: str
    replayed: bool


@final
class ReportLine(TypedDict):
    """One count of a task. Where it is a share of another count, ``n`` is that count and ``share`` lies in [0, 1] (None of nothing); otherwise both are None. ``definition`` says in words what is counted."""

    count: int
    share: float | None
    n: int | None
    definition: str

RequestStatus: TypeAlias = Literal["pending", "approved", "rejected", "expired", "cancelled", "deployed", "failed"]
"""Where an approval stands; MOVES tells what may follow."""


@final
class RequeuedReview(TypedDict):
    """A review that is out of quarantine."""

    case_id: str
    review_id: str
    queue: str


@final
class RetrainingList(TypedDict):
    """Retrainings, oldest first."""

    retrainings: 'list[RetrainingView]'


@final
class RetrainingView(TypedDict):
    """A retraining of ``task``, once for ``key``. ``reason`` is for people, ``manifest`` what the trigger saw. ``job_id`` is None before the job is submitted; ``detail`` is its last line or its error; ``settled_at`` is None while the job may still run. Times are UTC seconds."""

    key: str
    task: str
    reason: str
    manifest: JsonObject
    triggered_at: float
    job_id: str | None
    detail: str | None
    settled_at: float | None
    status: 'JobStatus'


@final
class ReturnedReview(TypedDict):
    """Where a review waits that its holder gave away; ``assigned`` names who alone may take it."""

    case_id: str
    review_id: str
    queue: str
    priority: 'Priority'
    assigned: NotRequired[str | None]


@final
class RevealNote(TypedDict):
    """Who was shown what is sealed, when and why; ``kind`` is ``case`` or ``approval``."""

    kind: str
    task: str | None
    by: str
    reason: str
    at: float


@final
class RevealedApproval(TypedDict):
    """``context`` and ``metadata`` in clear. ``salts`` let the reader check the digests in ``sealed``."""

    approval_id: str
    context: JsonObject
    metadata: JsonObject
    sealed: dict[str, str]
    salts: dict[str, str]


@final
class RevealedCase(TypedDict):
    """The whole input of a case in clear, as its client sent it."""

    case_id: str
    features: Json
    metadata: JsonObject


@final
class ReviewAnswer(TypedDict):
    """What one person said at ``at``; ``confidence`` in [0, 1] is their own. ``differs`` names the fields in which their value is not the declared one; None where answers are labels, and in older ones. ``corrected_parts`` has, by field or label of a set that they changed, a digest of what they gave; None as ``differs``, and where a value has one part. ``near_answers`` are the labels of earlier answers within the tolerance of this number; None where answers are no numbers."""

    reviewer: str
    label: str
    confidence: float
    comment: str
    at: float
    is_expert: NotRequired[bool]
    differs: NotRequired[list[str] | None]
    corrected_parts: NotRequired[dict[str, str] | None]
    near_answers: NotRequired[list[str] | None]


@final
class ReviewAtHand(TypedDict):
    """A review that the caller holds, with the input of its case, sensitive values masked."""

    case_id: str
    review_id: str
    task: str
    client: str
    queue: str
    priority: 'Priority'
    position: int
    opened_at: float
    due_at: float
    prediction: str | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    reason: str
    model_version: str | None
    policy_version: str
    payload_digest: str
    status: Literal["waiting", "leased", "provisional", "decided", "quarantined", "withdrawn"]
    lease: 'ReviewLease | None'
    outcome: 'ReviewDecision | None'
    history: list[JsonObject]
    purpose: NotRequired[Literal["review", "audit", "gold", "known"] | None]
    blind: NotRequired[bool]
    is_automatic: NotRequired[bool | None]
    streams: NotRequired[list[str]]
    probabilities: NotRequired[list[float] | None]
    gold_probability: NotRequired[float | None]
    audit_probability: NotRequired[float | None]
    segment: NotRequired[str]
    rules: NotRequired[list[str]]
    automatic_parts: NotRequired[list[str]]
    warn_at: NotRequired[float | None]
    assigned: NotRequired[str | None]
    reopens: NotRequired[str | None]
    escalation: NotRequired[str | None]
    known: 'NotRequired[KnownItem | None]'
    known_probability: NotRequired[float]
    barred: NotRequired[list[str]]
    preferred: NotRequired[str | None]
    generation: NotRequired[int]
    is_due_soon: NotRequired[bool]
    is_overdue: NotRequired[bool]
    failures: NotRequired[int]
    skipped: NotRequired[list[str]]
    drafts: 'NotRequired[dict[str, Draft]]'
    answers: 'NotRequired[list[ReviewAnswer]]'
    outcomes: 'NotRequired[list[OutcomeRecord]]'
    payload: JsonObject
    form: 'TaskForm'


@final
class ReviewDecision(TypedDict):
    """What the answers of a review came to. ``reviewer`` gave the last one; ``agrees_with_model`` is None where no model had said anything. It can be undone until ``final_at``."""

    label: str
    reviewer: str
    confidence: float
    comment: str
    decided_at: float
    agrees_with_model: bool | None
    reviewers: list[str]
    final_at: float


@final
class ReviewLease(TypedDict):
    """The exclusive right to answer. ``id`` grows with every grant of the shard; it ends ``lease_s`` after the last heartbeat."""

    id: int
    reviewer: str
    lease_s: float
    granted_at: float


@final
class ReviewSuggestions(TypedDict):
    """The reviews of a task that teach its model the most, the most wanted first, chosen of ``total_unlabeled``; ``annotation_efficiency`` is the share of those that is suggested."""

    task: str
    suggestions: 'list[SuggestedReview]'
    strategy_used: str
    total_unlabeled: int
    annotation_efficiency: float


@final
class ReviewView(TypedDict):
    """One work item. ``position`` is the case's place in the intake; ``reason`` is the route's, ``escalation`` why it went to the experts since. ``assigned`` names who alone may take it, ``reopens`` the decided review that it takes up again, ``skipped`` who passed it on, ``barred`` who must not answer it, ``preferred`` whose answer would tell most. The model's suggestion, and what tells a check, are None or empty where they are hidden or there was no model: ``confidence`` and ``uncertainty`` in [0, 1], ``probabilities`` in the order of the task's labels. ``is_automatic``: the model's decision stands until people disagree, as it does for ``automatic_parts`` of an answer. ``gold_probability`` and ``audit_probability`` are those of being checked. ``generation`` is the serving generation of the case. What has a default may be absent in the answers of old journals."""

    case_id: str
    review_id: str
    task: str
    client: str
    queue: str
    priority: 'Priority'
    position: int
    opened_at: float
    due_at: float
    prediction: str | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    reason: str
    model_version: str | None
    policy_version: str
    payload_digest: str
    status: Literal["waiting", "leased", "provisional", "decided", "quarantined", "withdrawn"]
    lease: 'ReviewLease | None'
    outcome: 'ReviewDecision | None'
    history: list[JsonObject]
    purpose: NotRequired[Literal["review", "audit", "gold", "known"] | None]
    blind: NotRequired[bool]
    is_automatic: NotRequired[bool | None]
    streams: NotRequired[list[str]]
    probabilities: NotRequired[list[float] | None]
    gold_probability: NotRequired[float | None]
    audit_probability: NotRequired[float | None]
    segment: NotRequired[str]
    rules: NotRequired[list[str]]
    automatic_parts: NotRequired[list[str]]
    warn_at: NotRequired[float | None]
    assigned: NotRequired[str | None]
    reopens: NotRequired[str | None]
    escalation: NotRequired[str | None]
    known: 'NotRequired[KnownItem | None]'
    known_probability: NotRequired[float]
    barred: NotRequired[list[str]]
    preferred: NotRequired[str | None]
    generation: NotRequired[int]
    is_due_soon: NotRequired[bool]
    is_overdue: NotRequired[bool]
    failures: NotRequired[int]
    skipped: NotRequired[list[str]]
    drafts: 'NotRequired[dict[str, Draft]]'
    answers: 'NotRequired[list[ReviewAnswer]]'
    outcomes: 'NotRequired[list[OutcomeRecord]]'


@final
class ReviewerFigures(TypedDict):
    """One reviewer's figures, each with its interval; ``answers`` were given, ``tests`` of them to cases with a known answer. ``error`` is the error rate in [0, 1], by known answers or by pairs of votes, and ``has_drifted`` tells whether the answers to cases whose truth others know prove one above what is tolerated. ``rubber_stamping`` is how much more often the reviewer agrees with the model when its answer is shown. ``planted_wrong_confirmed`` and ``shown_right_confirmed`` are the shares of wrong and of right suggestions that the reviewer confirmed; ``discernment`` is their difference. ``confusion`` counts answers by truth, then by answer."""

    answers: int
    tests: int
    error: 'Interval'
    has_drifted: bool
    rubber_stamping: 'Interval'
    planted_wrong_confirmed: 'Interval'
    shown_right_confirmed: 'Interval'
    discernment: 'Interval'
    confusion: dict[str, dict[str, int]]


@final
class ReviewsAtHand(TypedDict):
    """``review`` is the first of ``reviews``."""

    review: 'ReviewAtHand'
    reviews: 'list[ReviewAtHand]'


@final
class RevokedKey(TypedDict):
    """The key is worthless within two seconds, and so are all of its line: ``revoked`` lists them, the key among them."""

    key_id: str
    revoked: list[str]
    is_revoked: NotRequired[bool]


@final
class Risk(TypedDict):
    """``segments`` may have levels of their own, by a segment's whole name or one part of it. A check of an automatic decision that nobody has answered after ``maturity_hours`` counts as wrong for the alarm; 0 stands for 48 hours. Certificates count every case that waits as wrong from the start. ``family``: the certificate of ``each`` segment holds by itself with its confidence, or those of ``all`` segments hold together (family-wise). ``money``: a threshold must also keep what its errors cost below a level; what they cost stands in the policy's ``costs``. ``anchoring``: where people judge a content that they see, the bound on how often they confirm a wrong verdict is ``measured`` on known answers, and nothing is certified without them; ``ignored`` says in words that people are taken to see every error."""

    level: float
    confidence: NotRequired[float]
    segments: 'NotRequired[dict[str, RiskTerms]]'
    family: NotRequired[Literal["each", "all"]]
    money: 'NotRequired[MoneyTerms | None]'
    anchoring: NotRequired[Literal["measured", "ignored"]]
    maturity_hours: NotRequired[float]


@final
class RiskPoint(TypedDict):
    """Deciding alone at ``threshold`` and above: the ``coverage`` of all cases in [0, 1], and the error rate (``risk``) there."""

    threshold: float
    coverage: float
    risk: 'Interval'


@final
class RiskTerms(TypedDict):
    """Among automatic decisions at most the share ``level`` may be wrong, with probability ``confidence``."""

    level: float
    confidence: NotRequired[float]


@final
class RolledBackModel(TypedDict):
    """``digest`` serves alone again, under the approval with which it was deployed."""

    task: str
    generation: int
    versions: list[list[str | float]]
    digest: str
    approval_id: str


@final
class RouteSide(TypedDict):
    """What one of two ways to route does with the same cases: the share that is automatic, how many people look at, and the hours that takes them, None where nobody has answered yet."""

    automation: 'Interval'
    to_people: int
    reviewer_hours: float | None


@final
class RowAnswer(TypedDict):
    """The status and the answer that a request of its own would have got."""

    status: int
    body: 'FirstAnswer | ProblemDocument'


@final
class RowAnswers(TypedDict):
    """In the order of the cases."""

    results: 'list[RowAnswer]'


@final
class RunSummary(TypedDict):
    """Totals and means of runs: seconds of ``execution_time``, ``success_rate`` in per cent of those that ended, confidence in [0, 1], cost in the configured currency. A mean of nothing is None."""

    total_runs: int
    avg_execution_time: float | None
    success_rate: float | None
    avg_confidence: float | None
    total_cost: float


@final
class SavedDraft(TypedDict):
    """The unfinished answer as it is kept, any JSON object."""

    case_id: str
    review_id: str
    draft: JsonObject


@final
class SavedView(TypedDict):
    """A search of cases under the name that its person gave it. ``query`` is that of its address."""

    name: str
    query: str


@final
class ScheduledEscalation(TypedDict):
    """At ``at`` the people in ``ask``, the members of ``groups``, may vote too, by the configured ``rule``."""

    do: Literal["escalate"]
    at: float
    rule: str
    groups: list[str]
    ask: list[str]


@final
class ScheduledReminder(TypedDict):
    """At ``at`` everybody who has not voted is reminded."""

    do: Literal["remind"]
    at: float


@final
class SegmentFinding(TypedDict):
    """The progress of a segment's certificate, beside the threshold that is ``in_force``, why nothing is automatic (``stopped``), since when answers count (UTC seconds), and the probability in [0, 1] of a blind check. ``gold`` is the former name of ``random_answers``."""

    threshold: float | None
    labels: int
    errors: int
    low: float
    high: float
    coverage: float
    random_answers: int
    waiting: int
    missing: int | None
    reason: str
    data: str
    plan: 'CertificationPlan | None'
    money: 'MoneyLost | None'
    in_force: float | None
    stopped: str | None
    since: float
    risk: 'SegmentRisk'
    drift: 'DriftProgress'
    audit_probability: float
    gold: int


@final
class SegmentRisk(TypedDict):
    """Among a segment's automatic decisions at most ``level`` may be wrong, with probability ``confidence``; both in (0, 1). ``family``: the certificate of ``each`` segment holds by itself, or those of ``all`` ``segments`` that the policy declares hold ``together`` with so much confidence (None: they do not), for which each is tested at a higher one."""

    level: float
    confidence: float
    family: NotRequired[Literal["each", "all"]]
    segments: NotRequired[int]
    together: NotRequired[float | None]


@final
class ServedModels(TypedDict):
    """What serves, by the ``generation`` of the last change: no versions until the first model is approved. ``thresholds`` are the certified ones by digest, ``stopped`` says by segment why nothing is automatic there."""

    generation: int
    versions: 'list[ServedVersion]'
    thresholds: 'dict[str, ModelThresholds]'
    stopped: dict[str, str]


@final
class ServedTask(TypedDict):
    """A task and what serves it; ``serving`` is None before the first model. ``predictions_by`` the client: its cases bring them, and the versions that serve are cards."""

    task: str
    title: str
    description: str
    labels: list[str]
    serving: 'PointerView | None'
    predictions_by: Literal["client", "service"]


@final
class ServedTasks(TypedDict):
    """The tasks that the caller may know of, by name."""

    tasks: 'list[ServedTask]'


@final
class ServedVersion(TypedDict):
    """A model by the digest of its bytes, and its share of the traffic in [0, 1]."""

    digest: str
    share: float


@final
class ServiceAndOutboxMetrics(TypedDict):
    """For callers who may know of every task: also the counts of the outbox, by what happened to deliveries."""

    reviews: dict[str, dict[str, int]]
    queues: JsonObject
    leased: int
    approvals: dict[str, int]
    serving: 'dict[str, PointerView]'
    outbox: dict[str, int]


@final
class ServiceHealth(TypedDict):
    """The process answers."""

    status: NotRequired[Literal["ok"]]


@final
class ServiceMetrics(TypedDict):
    """Counts since the first entry of the journals, of the tasks that the caller may know of. ``reviews`` are counters by task, ``queues`` the state of each queue, ``approvals`` counts by status, ``serving`` what serves by task; ``leased`` reviews are held by somebody now."""

    reviews: dict[str, dict[str, int]]
    queues: JsonObject
    leased: int
    approvals: dict[str, int]
    serving: 'dict[str, PointerView]'


@final
class ServiceReady(TypedDict):
    """The store and every shard answer."""

    status: NotRequired[Literal["ready"]]


@final
class ServiceReadyAtRisk(TypedDict):
    """As ``ServiceReady``, on a store that may lose what it acknowledged, or with task files that are not in force; ``risks`` say why, and what to do."""

    risks: list[str]
    status: NotRequired[Literal["ready"]]


@final
class ServingView(TypedDict):
    """What serves ``task`` from ``since`` (UTC seconds) on, with all that is in force beside it. ``generation`` counts the task's serving events, 0 before the first. ``versions`` are pairs of a model's digest and its share; the shares add up to 1. ``cause`` is the type of the serving event, ``approval_id`` the approval of the main model, or of the policy that was adopted. ``operator`` and ``reason`` tell who went back to an earlier version, and why. The fields after them are those of hitl.serving.in_force.InForce."""

    task: str
    generation: int
    versions: list[list[str | float]]
    since: float | None
    approval_id: str | None
    cause: str | None
    operator: str | None
    reason: str | None
    policy: JsonObject | None
    thresholds: 'dict[str, ModelThresholds]'
    stopped: dict[str, str]
    audit: dict[str, float]
    prices: dict[str, float]
    shadow: 'Watching'
    definition: NotRequired[str | None]


@final
class SessionView(TypedDict):
    """A session, last used at about ``seen_at``; it ends ``idle_s`` seconds after that, at the latest at ``ends_at``. ``is_current`` is the one that asks."""

    account: str
    created_at: float
    seen_at: float
    session: str
    idle_s: float
    ends_at: float
    is_current: bool


@final
class Sessions(TypedDict):
    """Open sessions, oldest first."""

    sessions: 'list[SessionView]'

Severity: TypeAlias = Literal["none", "low", "medium", "high", "unknown"]
"""``unknown``: the check could not look, which is no good news."""


@final
class ShardState(TypedDict):
    """The compared state of a shard after the entry ``seq`` of its journal, whose hash is ``hash``."""

    seq: int
    hash: str
    state: JsonObject


@final
class ShardStatus(TypedDict):
    """A shard that answers. Its journal ends at ``seq`` with ``hash``; ``epoch`` grows with each process that writes it. ``waiting`` counts commands that wait to be decided, ``pid`` is its process, ``build`` the digest of the settings and the version that it runs; ``failure`` says what keeps it from serving, ``troubles`` by part what else is wrong."""

    shard: str
    phase: str
    epoch: int
    seq: int
    hash: str
    waiting: NotRequired[int]
    pid: NotRequired[int | None]
    build: NotRequired[str]
    failure: NotRequired[str | None]
    troubles: NotRequired[dict[str, str]]


@final
class ShardStatuses(TypedDict):
    """Every shard of the service."""

    shards: 'list[ShardStatus | UnreachableShard]'


@final
class ShownApproval(TypedDict):
    """One approval."""

    approval: 'ApprovalView'


@final
class ShownGuideline(TypedDict):
    """When the answer ``name`` is right (a label, a choice, or a field of a value): ``examples`` are texts of cases that have it, ``cases`` the ids of decided cases."""

    name: str
    text: str
    examples: list[str]
    cases: list[str]


@final
class ShownReview(TypedDict):
    """One review, as its viewer may see it."""

    review: 'ReviewView'


@final
class SigningSecret(TypedDict):
    """The pair that signs requests: the key's own id, and a secret that is shown this once."""

    access_key_id: str
    secret_access_key: str


@final
class SilentDefault(TypedDict):
    """The option that holds at the deadline, and why, in words."""

    option: str
    reason: str


@final
class SocketTicket(TypedDict):
    """``ticket`` opens one socket within ``expires_in_s`` seconds."""

    ticket: str
    expires_in_s: float


@final
class StagePlan(TypedDict):
    """A stage as its workflow is created: with its defaults, and whether a person approves it."""

    name: str
    type: str
    config: JsonObject
    approvalRequired: bool

StageStatus: TypeAlias = Literal["pending", "ready", "running", "awaiting_approval", "completed", "failed"]


@final
class StageView(TypedDict):
    """A stage. ``attempt`` counts who took it; only the last taker, ``worker``, may report. ``is_stuck``: it takes too long."""

    name: str
    type: str
    config: JsonObject
    approvalRequired: bool
    status: 'StageStatus'
    attempt: int
    worker: str | None
    started_at: float | None
    completed_at: float | None
    is_stuck: bool
    result: JsonObject | None
    error: str | None


@final
class StagedWorkflow(TypedDict):
    """A workflow of stages. ``analysis`` says why it failed; ``interaction_id`` is the question that it waits for. ``progress`` is the share of completed stages; ``estimated_completion`` is None before a workflow was measured, and while this one does not run. ``is_stuck``: a running stage takes too long."""

    kind: NotRequired[Literal["stages"]]
    workflow_id: str
    name: str
    description: str
    experimentName: str
    modelName: str
    created_by: str
    approvers: list[str]
    stages: 'list[StageView]'
    created_at: float
    updated_at: float
    status: 'FlowStatus'
    started_at: float | None
    interaction_id: str | None
    analysis: 'FailureAnalysis | None'
    error: str | None
    progress: float
    estimated_completion: float | None
    is_stuck: bool


@final
class StandingAlerts(TypedDict):
    """The alerts that were told and are not over, by name."""

    alerts: 'list[OpenAlert]'


@final
class StartedLoop(TypedDict):
    """The loop's name among Amazon's resources."""

    HumanLoopArn: str


@final
class StatusResponse(TypedDict):
    """The status of an interaction, also of one that is over. Times are ISO 8601 with their offset."""

    interaction_id: str
    status: 'InteractionStatus'
    created_at: str
    expires_at: str


@final
class StepAnswer(TypedDict):
    """What a step answers its pipeline with. Beside these fields stand those of the pattern. Times are UTC seconds."""

    status: str
    interaction_id: str
    ui_schema: JsonObject
    created_at: float
    expires_at: float
    timeout_seconds: float
    data: JsonObject


@final
class SuggestedReview(TypedDict):
    """A waiting review to label. ``index`` is its place in the pool that was looked at, ``suggested_priority`` the higher the more it is wanted. ``uncertainty_score`` is the entropy in nats of what the model said; ``predicted_class`` and ``prediction_confidence`` (in [0, 1]) are None in a blind task. ``chosen_by`` is the strategy, or ``uniform`` for a random one, which alone has a ``probability`` of having been drawn."""

    index: int
    review_id: str
    predicted_class: str | None
    prediction_confidence: float | None
    uncertainty_score: float
    suggested_priority: int
    chosen_by: str
    probability: float | None


@final
class SwitchedOverrides(TypedDict):
    """Tells whether the overrides of ``task`` answer."""

    task: str
    is_on: bool


@final
class SystemMetrics(TypedDict):
    """The documents' system metrics over the caller's tasks, since the first entry."""

    processing_metrics: 'ProcessingMetrics'
    queue_status: 'QueueStatus'
    model_performance: 'ModelPerformance'
    system_health: 'PeopleMetrics'


@final
class TakenArtifact(TypedDict):
    """An artifact that an approval may name by ``digest`` (SHA-256). ``tried_rows`` are the random rows that it answered, 64 of them in ``batch_ms``; ``largest_difference`` is that between a row alone and in a batch."""

    digest: str
    task: str
    bytes: int
    tried_rows: int
    batch_ms: float
    largest_difference: float


@final
class TakenFile(TypedDict):
    """A file that is stored. Cases may name ``blob`` for a day; a file that none names then is removed."""

    blob: 'FileHandle'


@final
class TakenRoute(TypedDict):
    """Who decides the case, and why; ``priority`` is None where the model does."""

    action: 'Action'
    reason: str
    priority: 'Priority | None'


@final
class TakenStage(TypedDict):
    """The stage is the caller's: ``attempt`` is their right to report. ``results`` are those of the completed stages, by name."""

    workflow_id: str
    stage: str
    attempt: int
    type: str
    config: JsonObject
    results: dict[str, JsonObject | None]


@final
class Tally(TypedDict):
    """What the votes add up to now. ``need`` is the weight that approves, ``by_option`` the weight of each option. ``leading`` is the option that leads, ``missing`` the votes that groups have yet to give, ``waiting_for`` who is asked by name and has not voted."""

    rule: str
    need: int | float
    by_option: dict[str, float]
    leading: str | None
    missing: dict[str, int]
    waiting_for: list[str]
    votes: int


@final
class TargetVerdict(TypedDict):
    """A figure beside its ``target``, both in ``unit``. ``direction`` is at_least or at_most; ``verdict`` is met, missed or not enough evidence; ``quoted`` is what the documents report of their own system, and no target."""

    value: float | None
    low: float
    high: float | None
    n: int
    confidence: float
    method: str
    name: str
    direction: 'Direction'
    target: float
    unit: str
    meaning: str
    quoted: float | None
    verdict: 'Verdict'


@final
class TargetVerdicts(TypedDict):
    """Each target with its figure and verdict, by task, in ``period`` (None: of all time)."""

    tasks: 'dict[str, list[TargetVerdict]]'
    period: 'Period | None'


@final
class TaskAgreement(TypedDict):
    """How far the reviewers of a task agree, in ``period`` (None: of all time)."""

    cases: int
    raw: 'Interval'
    alpha: 'Interval'
    blind: 'AgreementFigures'
    segments: 'dict[str, AgreementFigures]'
    scale: Literal["nominal", "ordinal", "interval"]
    task: str
    period: 'Period | None'


@final
class TaskCurves(TypedDict):
    """The figures behind a task's charts, of the version that decides the most cases (``model``, None before the first). ``live`` are the thresholds in force by segment, None where nothing is automatic; ``cases_per_hour`` is the pace of the newest days, None before the first case. Answers are of the cases that came in ``period`` (None: of all); the learning curve, the thresholds and the pace are of all time."""

    labels: int
    risk_coverage: 'list[RiskPoint]'
    reliability: 'Reliability'
    missing: str | None
    task: str
    model: str | None
    live: dict[str, float | None]
    cases_per_hour: float | None
    learning: 'LearningCurve'
    agreement: 'PeopleAgreement'
    drift: 'DriftPaths'
    waiting: 'WaitingTimes'
    period: 'Period | None'


@final
class TaskFigures(TypedDict):
    """Every figure of one task by its name, and the counters behind them."""

    figures: 'dict[str, MetricFigure]'
    counters: dict[str, int]


@final
class TaskForm(TypedDict):
    """What a person needs to know of the task to answer: its labels, how its input is declared, and who brings predictions. ``none_answer`` is the answer that no label fits, None where it is not offered; ``answer`` says how people answer, and ``fields`` are those of the value, None where an answer is a label. What was declared of them is the payload's ``value``, and its ``boxes`` say where it was read, unless it is hidden. ``guidelines`` stand in the order of the answers."""

    title: str
    description: str
    labels: list[str]
    input: JsonObject
    predictions_by: Literal["client", "service"]
    none_answer: str | None
    fields: 'list[AskedField] | None'
    answer: 'AskedAnswer'
    guidelines: 'list[ShownGuideline]'


@final
class TaskLine(TypedDict):
    """A task in a list; ``url`` is the path of all that clients may know of it."""

    task: str
    title: str
    url: str


@final
class TaskList(TypedDict):
    """The tasks that the caller may see, by name."""

    tasks: 'list[TaskLine]'


@final
class TaskPolicy(TypedDict):
    """The policy in force and its version, the digest of its body. The other fields are those of ServingView."""

    task: str
    version: str
    source: Literal["configured", "approved"]
    policy: JsonObject
    generation: int
    thresholds: 'dict[str, ModelThresholds]'
    stopped: dict[str, str]
    audit: dict[str, float]
    prices: dict[str, float]
    shadow: 'Watching'


@final
class TaskQuality(TypedDict):
    """A task's published figures, beside its risk level; ``stopped`` says by segment why nothing is automatic there, and ``unanswered`` how many blind checks lack an answer; ``left_out`` counts answers that are no evidence, because nobody looked (None: the task counts them). ``archive_gaps`` names the runs of old cases that are lost, ``deleted_days`` the UTC days of which the task's retention deleted cases: no figure has them. Figures and targets are of the cases that came in ``period`` (None: of all); what is stopped and unanswered is of now."""

    figures: 'dict[str, PublishedFigure]'
    parts: 'dict[str, dict[str, PublishedFigure]]'
    targets: 'list[TargetVerdict]'
    segments: 'dict[str, dict[str, PublishedFigure]]'
    groups: 'dict[str, dict[str, dict[str, PublishedFigure]]]'
    days: 'list[dict[str, float | PublishedFigure]]'
    task: str
    risk: 'Literal["uncertified"] | Risk'
    stopped: dict[str, str]
    unanswered: 'UnansweredChecks'
    left_out: 'LeftOutFigures | None'
    archive_gaps: list[str]
    deleted_days: list[str]
    period: 'Period | None'


@final
class TaskReviewers(TypedDict):
    """The figures of each person who answers cases of the task, by name, in ``period`` (None: of all time)."""

    task: str
    reviewers: 'dict[str, ReviewerFigures]'
    period: 'Period | None'


@final
class TaskServing(TypedDict):
    """What serves the task now, and all that ever did, oldest first."""

    task: str
    serving: 'ServingView'
    history: 'list[ServingView]'


@final
class TaskServingAt(TypedDict):
    """What served the task at ``time``, as the caller wrote it."""

    task: str
    time: str
    serving: 'ServingView'


@final
class TaskShadows(TypedDict):
    """What watches a task beside what serves it. A challenger sees the ``share`` of the cases in [0, 1]; None: no model may watch."""

    model: str | None
    models: 'dict[str, WatchingModel]'
    policy: JsonObject | None
    policies: 'dict[str, PolicyShadow]'
    task: str
    share: float | None


@final
class TaskView(TypedDict):
    """A task for its clients. ``none_answer`` is what people may answer beside the labels, ``predictions_by`` says who brings predictions, ``input`` is the schema of ``features``, ``answer`` that of answers; ``policy`` is the one in force, with its ``version`` and whether people approved it (``is_approved``) or it is the task file's; ``risk`` is the policy's own."""

    task: str
    title: str
    url: str
    description: str
    labels: list[str]
    none_answer: str | None
    predictions_by: Literal["client", "service"]
    input: JsonObject
    answer: JsonObject
    risk: JsonObject | str | None
    policy: JsonObject
    serving: 'ServedModels'
    decisions_url: str


@final
class TeamsAnswer(TypedDict):
    """A message that Teams shows under the one that it sent: ``type`` is ``message``."""

    type: str
    text: str


@final
class TrackedExperiment(TypedDict):
    """A feature (``key``) and the name of its experiment; ``experiment_id`` None: not created yet."""

    key: str
    name: str
    experiment_id: str | None


@final
class TrackedExperiments(TypedDict):
    """Configured features first, then what else is there. ``enabled``: whether anything is tracked."""

    enabled: bool
    tracking_uri: str
    experiments: 'list[TrackedExperiment]'


@final
class TrackedMetrics(TypedDict):
    """The summary of a feature's runs; ``feature`` None: of all."""

    feature: str | None
    metrics: 'RunSummary'


@final
class TrackedRuns(TypedDict):
    """Runs, newest first, under MLflow's flat names (RunRow.flat); ``feature`` None: of all."""

    feature: str | None
    runs: list[dict[str, str | float]]


@final
class TrackingAlert(TypedDict):
    """Something that a person should look at."""

    name: str
    message: str


@final
class TrackingBuffer(TypedDict):
    """``traces`` wait in memory and ``bytes`` on disk; ``dropped`` and ``rejected`` traces since the start."""

    traces: int
    bytes: int
    dropped: int
    rejected: int


@final
class TrackingDisk(TypedDict):
    """The disk of the buffer; ``free_percent`` in [0, 100], None for a disk without a size."""

    total_bytes: int
    free_bytes: int
    free_percent: float | None


@final
class TrackingHealth(TypedDict):
    """``status``: healthy, degraded (a person should look), unreachable or disabled; alerts stand worst first."""

    status: Literal["healthy", "degraded", "unreachable", "disabled"]
    enabled: bool
    tracking_uri: str
    mlflow: 'TrackingServer'
    database: 'TrackingPart'
    artifact_store: 'TrackingPart'
    disk: 'TrackingDisk'
    buffer: 'TrackingBuffer'
    alerts: 'list[TrackingAlert]'


@final
class TrackingPart(TypedDict):
    """The database or the artifact store; ``error`` None: it answers."""

    reachable: bool
    error: str | None


@final
class TrackingServer(TypedDict):
    """``latency_s`` is the seconds of a request; None, as ``version``, where it does not answer."""

    reachable: bool
    version: str | None
    latency_s: float | None


@final
class TrainingExample(TypedDict):
    """A decided case with its input; ``features`` has the form that the task declares. ``model_version`` is the digest of the model that predicted, ``model_confidence`` its calibrated confidence in [0, 1]; both are None without one."""

    case_id: str
    review_id: str
    position: int
    prediction: str | None
    purpose: str
    streams: list[str]
    label: str
    reviewer: str
    confidence: float
    decided_at: float
    agrees_with_model: bool | None
    value: NotRequired[JsonObject | None]
    features: Json
    model_version: NotRequired[str | None]
    weight: NotRequired[float]
    model_confidence: NotRequired[float | None]


@final
class TrainingExamples(TypedDict):
    """``next`` is the cursor of the next page: the positions read in each partition, joined by dots."""

    examples: 'list[TrainingExample]'
    next: str


@final
class Transition(TypedDict):
    """A move of a case by ``trigger``; ``timestamp`` is UTC seconds."""

    from_state: 'CaseState'
    to_state: 'CaseState'
    trigger: str
    timestamp: float


@final
class TrialCost(TypedDict):
    """Dollars a decision: people's work, the harm of automatic errors, and both together from ``low`` to ``high``; all None without cases, ``errors`` also without labels."""

    people: float | None
    errors: float | None
    low: float | None
    high: float | None


@final
class TrialErrors(TypedDict):
    """The error rate in [0, 1] of what would be automatic: by people's labels, and by the model's own confidence (None without such cases). ``unanswered`` cases are taken to be like those with an answer in the former."""

    by_labels: 'Interval'
    by_the_model: float | None
    unanswered: int


@final
class TrialFigures(TypedDict):
    """What one policy would have done with ``cases`` of the past: counts by route, in all and by segment; the expected number of ``blind_checks``; ``reviewer_hours`` of work; and the share in [0, 1] started in time, None for traffic of one moment."""

    policy_version: str
    cases: int
    routes: dict[str, int]
    by_segment: dict[str, dict[str, int]]
    automation_rate: 'Interval'
    errors_automatic: 'TrialErrors'
    blind_checks: float
    reviewer_hours: float
    cost_per_decision: 'TrialCost'
    started_in_time: float | None


@final
class TrialMessage(TypedDict):
    """A test message that is on its way to ``channel``, as the delivery ``delivery_id``."""

    channel: str
    delivery_id: str


@final
class TriggeredRetraining(TypedDict):
    """The retraining for ``key``; ``is_new`` is false where the key had its retraining before."""

    key: str
    status: 'JobStatus'
    is_new: bool


@final
class UnansweredChecks(TypedDict):
    """Counts of the automatic decisions drawn for a blind check; ``overripe`` are open ones of days that are mature. ``at_worst`` is the error rate of the mature ones if all overripe ones were wrong, with its exact interval."""

    drawn: int
    answered: int
    open: int
    overripe: int
    at_worst: 'Interval'


@final
class UnchangedServing(TypedDict):
    """The command asks for what is so already: nothing was recorded."""



@final
class UndoneDecision(TypedDict):
    """The reviewer holds the review again under ``lease``, for ``lease_s`` without a heartbeat."""

    case_id: str
    review_id: str
    lease: int
    lease_s: float


@final
class UnreachableShard(TypedDict):
    """A shard that does not answer."""

    shard: str
    phase: NotRequired[Literal["unreachable"]]


@final
class VaultComparison(TypedDict):
    """``verdict``: ``harms a segment``, ``better``, ``worse`` or ``not enough evidence``. ``shown_at`` is the log evidence that the ``cycle``-th challenger of the task needs; ``parts`` are the named segments and declared groups, where harm is shown at the same level over all of them together."""

    rows: int
    wins: int
    losses: int
    gain: float | None
    better: float
    worse: float
    cycle: int
    shown_at: float
    verdict: str
    parts: 'dict[str, PartComparison]'

Verdict: TypeAlias = Literal["met", "missed", "not enough evidence"]


@final
class VerifiedChain(TypedDict):
    """One shard's journal, walked from its beginning: ``entries`` hold; ``head`` is the hash of the last one, None where the chain is broken, and ``problem`` then says where."""

    shard: str
    holds: bool
    entries: int
    head: str | None
    problem: str | None


@final
class VerifiedChains(TypedDict):
    """The chain of every shard."""

    shards: 'list[VerifiedChain]'


@final
class VoteTally(TypedDict):
    """The live count of an interaction that people vote on: votes by option, who has not voted, and the option that has won (None while it is open)."""

    rule: str
    counts: dict[str, int]
    missing: list[str]
    verdict: str | None


@final
class VotingPolicy(TypedDict):
    """How votes count. ``need`` is the weight that approves; ``requires`` the votes of each group that must be among them. ``groups`` lists people by group, ``weights`` those whose vote does not weigh 1. ``veto`` names people and groups whose one rejection ends it (``*``: everybody's); ``excluded`` may not vote."""

    rule: str
    need: int | float
    requires: dict[str, int]
    groups: dict[str, list[str]]
    weights: dict[str, float]
    veto: list[str]
    excluded: list[str]


@final
class WaitQuantile(TypedDict):
    """The seconds within which the ``share`` of cases was answered."""

    value: float | None
    low: float
    high: float | None
    n: int
    confidence: float
    method: str
    share: float


@final
class WaitingChange(TypedDict):
    """A change that waits for votes: its ``digest``, and in words what it ``changes``."""

    approval_id: str
    digest: str
    changes: list[str]
    requested_by: str
    expires_at: float


@final
class WaitingPage(TypedDict):
    """Reviews in the order of claims; ``has_more``: there is a page behind this one. ``order`` tells how those of one priority are ordered."""

    reviews: 'list[WaitingReview]'
    has_more: bool
    order: Literal["age", "hybrid"]


@final
class WaitingReview(TypedDict):
    """A review that nobody holds; a lower ``rank`` is more pressing, 0 the most."""

    case_id: str
    review_id: str
    task: str
    client: str
    queue: str
    priority: 'Priority'
    position: int
    opened_at: float
    due_at: float
    prediction: str | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    reason: str
    model_version: str | None
    policy_version: str
    payload_digest: str
    status: Literal["waiting", "leased", "provisional", "decided", "quarantined", "withdrawn"]
    lease: 'ReviewLease | None'
    outcome: 'ReviewDecision | None'
    history: list[JsonObject]
    purpose: NotRequired[Literal["review", "audit", "gold", "known"] | None]
    blind: NotRequired[bool]
    is_automatic: NotRequired[bool | None]
    streams: NotRequired[list[str]]
    probabilities: NotRequired[list[float] | None]
    gold_probability: NotRequired[float | None]
    audit_probability: NotRequired[float | None]
    segment: NotRequired[str]
    rules: NotRequired[list[str]]
    automatic_parts: NotRequired[list[str]]
    warn_at: NotRequired[float | None]
    assigned: NotRequired[str | None]
    reopens: NotRequired[str | None]
    escalation: NotRequired[str | None]
    known: 'NotRequired[KnownItem | None]'
    known_probability: NotRequired[float]
    barred: NotRequired[list[str]]
    preferred: NotRequired[str | None]
    generation: NotRequired[int]
    is_due_soon: NotRequired[bool]
    is_overdue: NotRequired[bool]
    failures: NotRequired[int]
    skipped: NotRequired[list[str]]
    drafts: 'NotRequired[dict[str, Draft]]'
    answers: 'NotRequired[list[ReviewAnswer]]'
    outcomes: 'NotRequired[list[OutcomeRecord]]'
    time_in_queue_s: float
    rank: int


@final
class WaitingTimes(TypedDict):
    """``percentiles`` of the seconds from a review's opening to its last answer; ``in_time`` is the share in [0, 1] answered by the deadline, by priority. ``missing`` says why there are none, None where there are."""

    percentiles: 'list[WaitQuantile]'
    in_time: 'dict[str, Interval]'
    missing: str | None


@final
class Watching(TypedDict):
    """The ``policy`` (a body) and the ``model`` (a digest) that watch; each is absent where none does."""

    policy: NotRequired[JsonObject]
    model: NotRequired[str]


@final
class WatchingModel(TypedDict):
    """A model that watches the cases up to ``read`` (partition: position), from ``since`` to ``at`` (UTC seconds), with its counts and rates, by the thresholds that it is certified for itself."""

    cases: int
    agreed: int
    failed: int
    dropped: int
    routes: dict[str, int]
    champions: dict[str, int]
    disagreement: 'Interval'
    failing: 'Interval'
    route_disagreement: 'Interval'
    in_force: 'RouteSide'
    watching: 'RouteSide'
    since: float
    at: float
    read: dict[str, int]


@final
class WebhookTaken(TypedDict):
    """``answered``: the annotation is the answer of the interaction; ``ignored``: it is none of ours, or changes nothing."""

    status: Literal["answered", "ignored"]
    interaction_id: str | None


@final
class WhyEmpty(TypedDict):
    """Why a person may take nothing of a queue: they have answered or skipped all that waits, the rest is assigned to others, everything is leased (until ``until`` at the latest known, None: no lease) or in quarantine, or there is none."""

    reason: Literal["answered", "skipped", "others", "leased", "quarantined", "none"]
    waiting: int
    leased: int
    until: float | None
    quarantined: int


@final
class WithdrawnReviews(TypedDict):
    """The reviews of the case that nobody can answer any more."""

    case_id: str
    review_ids: list[str]


@final
class WorkflowAnalytics(TypedDict):
    """Counts, rates and times of all cases and workflows. Times are seconds by what was measured: ``review``, ``workflow`` and ``case:<type>``. The rates are in [0, 1] and of all routed cases, finished or not; None before the first."""

    total_workflows: int
    workflows_by_type: dict[str, int]
    workflows_by_state: dict[str, int]
    avg_processing_times: dict[str, float]
    moving_avg_processing_times: dict[str, float]
    automation_rate: float | None
    human_review_rate: float | None
    stuck_workflows: int
    interactions_by_status: dict[str, int]
    pending_interactions: int


@final
class WorkflowList(TypedDict):
    """Workflows of stages and after them cases, each newest first. ``is_cut``: more were asked for, and would make the answer too large."""

    workflows: 'list[CaseView | StagedWorkflow]'
    is_cut: NotRequired[bool]


@final
class WorkflowStatus(TypedDict):
    """A case or a workflow of stages, and its status now."""

    workflow_id: str
    status: str


@final
class WorkflowTemplates(TypedDict):
    """The templates of cases by type, and all stages with their defaults, in order."""

    cases: 'dict[str, CaseTemplate]'
    stages: 'list[StagePlan]'
