"""Answers of the quality routes: figures, certificates, agreement, targets and the charts of a task."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hitl.quality.automation import SegmentFinding
from hitl.quality.between_people import PeopleAgreement
from hitl.quality.concord import AnnotatorAgreement
from hitl.quality.curves import ModelCurves
from hitl.quality.drift_path import DriftStretch
from hitl.quality.learning_curve import LearningCurve
from hitl.quality.left_out import LeftOutFigures
from hitl.quality.period import Period
from hitl.quality.report import QualityReport, TargetVerdict
from hitl.quality.reviewers import ReviewerFigures
from hitl.quality.unanswered import UnansweredChecks
from hitl.quality.vault_evidence import VaultComparison
from hitl.quality.waiting import WaitingTimes
from hitl.routing.policy import Risk
from hitl.serving.views import CertificateView
from serve_app.evidence.watching import ShadowWatchers

RiskOfTask = Literal["uncertified"] | Risk


@dataclass(frozen=True, slots=True)
class TaskQuality(QualityReport):
    """A task's published figures, beside its risk level; ``stopped`` says by segment why nothing is automatic there, and
    ``unanswered`` how many blind checks lack an answer; ``left_out`` counts answers that are no evidence, because nobody looked
    (None: the task counts them). ``archive_gaps`` names the runs of old cases that are lost, ``deleted_days`` the UTC
    days of which the task's retention deleted cases: no figure has them. Figures and targets are of the cases that came in
    ``period`` (None: of all); what is stopped and unanswered is of now."""

    task: str
    risk: RiskOfTask
    stopped: Mapping[str, str]
    unanswered: UnansweredChecks
    left_out: LeftOutFigures | None
    archive_gaps: list[str]
    deleted_days: list[str]
    period: Period | None


@dataclass(frozen=True, slots=True)
class CertificateOverview:
    """What may be automatic. ``models`` holds, by serving version and segment, what the answers prove now; ``certificates`` are
    those that the journal holds, newest last; ``audit`` is the probability in [0, 1] of a blind check, by segment.
    ``challengers`` compares each model that waits for votes with the champion, on rows of the vault; ``waits_for`` says in words
    what each of those would still wait for, had people approved it; ``left_out``, ``archive_gaps`` and ``deleted_days`` as in
    TaskQuality."""

    task: str
    risk: RiskOfTask
    stopped: Mapping[str, str]
    audit: Mapping[str, float]
    models: Mapping[str, Mapping[str, SegmentFinding]]
    certificates: list[CertificateView]
    challengers: Mapping[str, VaultComparison]
    waits_for: Mapping[str, str]
    left_out: LeftOutFigures | None
    archive_gaps: list[str]
    deleted_days: list[str]


@dataclass(frozen=True, slots=True)
class TaskReviewers:
    """The figures of each person who answers cases of the task, by name, in ``period`` (None: of all time)."""

    task: str
    reviewers: Mapping[str, ReviewerFigures]
    period: Period | None


@dataclass(frozen=True, slots=True)
class TaskAgreement(AnnotatorAgreement):
    """How far the reviewers of a task agree, in ``period`` (None: of all time)."""

    task: str
    period: Period | None


@dataclass(frozen=True, slots=True)
class TargetVerdicts:
    """Each target with its figure and verdict, by task, in ``period`` (None: of all time)."""

    tasks: Mapping[str, list[TargetVerdict]]
    period: Period | None


@dataclass(frozen=True, slots=True)
class TaskShadows(ShadowWatchers):
    """What watches a task beside what serves it. A challenger sees the ``share`` of the cases in [0, 1]; None: no model
    may watch."""

    task: str
    share: float | None


@dataclass(frozen=True, slots=True)
class DriftPaths:
    """The error of automatic decisions over time, by segment. ``alarm_at`` is the evidence at which automation stops, None for
    an uncertified task; ``missing`` says why there is no path, None where there is one."""

    segments: Mapping[str, list[DriftStretch]]
    alarm_at: float | None
    missing: str | None


@dataclass(frozen=True, slots=True)
class TaskCurves(ModelCurves):
    """The figures behind a task's charts, of the version that decides the most cases (``model``, None before the first).

    ``live`` are the thresholds in force by segment, None where nothing is automatic; ``cases_per_hour`` is the pace of the
    newest days, None before the first case. Answers are of the cases that came in ``period`` (None: of all); the learning curve,
    the thresholds and the pace are of all time.
    """

    task: str
    model: str | None
    live: Mapping[str, float | None]
    cases_per_hour: float | None
    learning: LearningCurve
    agreement: PeopleAgreement
    drift: DriftPaths
    waiting: WaitingTimes
    period: Period | None
