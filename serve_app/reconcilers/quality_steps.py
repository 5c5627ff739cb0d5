"""The reconcilers of quality: alarms and canaries every two seconds, figures for dashboards every minute."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

from hitl.adapters.files.archived_intake import ArchivedIntake
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.approval.definitions import DefinitionReader
from hitl.intake.partitioned import Partitioned
from hitl.intake.recent_rows import RecentRows
from hitl.machine.shards import Shards
from hitl.routing.rules import CompiledPolicy
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec
from serve_app.evidence.certifying import PolicyOf
from serve_app.evidence.evidence import TaskEvidence
from serve_app.evidence.overdue import overdue_checks
from serve_app.evidence.succession import Succession
from serve_app.reconcilers.alerts import Overdue
from serve_app.reconcilers.canary import Canary
from serve_app.reconcilers.candidate_check import CandidateCheck
from serve_app.reconcilers.certifier import Certifier
from serve_app.reconcilers.lazy_answers import LazyAnswers
from serve_app.reconcilers.monitor import Monitor
from serve_app.reconcilers.override_watch import OverrideWatch
from serve_app.reconcilers.prices import PriceReconciler
from serve_app.reconcilers.probation import Probation
from serve_app.reconcilers.queue_order import QueueOrder
from serve_app.reconcilers.second_looks import SecondLooks
from serve_app.reconcilers.shadow import Models, Shadow
from serve_app.reconcilers.shadow_scorer import RayScorer, ScorerStores
from serve_app.reconcilers.vault_scorer import VaultScorer
from serve_app.setup.args import ServeArgs
from serve_app.setup.clear_values import ClearValues
from serve_app.setup.policies import policies, policy_in_force
from serve_app.setup.vault import Vault

CERTIFY_EVERY_S = 2.0
CANARY_EVERY_S = 2.0
PROBATION_EVERY_S = 2.0
SHADOW_EVERY_S = 2.0
VAULT_EVERY_S = 2.0
SECOND_LOOKS_EVERY_S = 60.0
QUEUE_ORDER_EVERY_S = 10.0
LAZY_ANSWERS_EVERY_S = 10.0
PRICES_EVERY_S = 60.0
MONITOR_EVERY_S = 60.0

Step = Callable[[], Awaitable[None]]


def task_evidence(
    args: ServeArgs,
    tasks: Mapping[str, TaskSpec],
    shards: Shards,
    definitions: DefinitionReader,
    read: Sequence[RecentRows] = (),
) -> TaskEvidence:
    """The checks and answers that all reconcilers share: each reader of its own would hold all of them once more. ``read`` is
    what other followers have read of each partition."""
    shown = Vault(tasks, args.open_keys()).shown_of
    return TaskEvidence(tasks, shards, _intakes(args, read), shown, args.projections_dir, definitions)


def quality_steps(
    args: ServeArgs,
    tasks: Mapping[str, TaskSpec],
    shards: Shards,
    evidence: TaskEvidence,
    read: Sequence[RecentRows] = (),
) -> dict[str, tuple[Step, float]]:
    """By name, with the seconds between two of them; ``read`` as in ``task_evidence``."""
    intakes = _intakes(args, read)
    configured = _configured(args, tasks)
    policy_of = _policy_of(configured, tasks)
    certifier = Certifier(shards, tasks, evidence, policy_of)
    monitor = Monitor(tasks, shards, evidence, args.load_targets(), policy_of)
    canary = Canary(shards, tasks, intakes, evidence, policy_of)
    check, clear_values = CandidateCheck(args.artifact_uri), ClearValues(Vault(tasks, args.open_keys()), shards)
    stores = ScorerStores(args.artifact_uri, args.blob_uri)
    shadow = Shadow(shards, tasks, intakes, configured, clear_values, Models(check, RayScorer(stores)))
    scoring = Models(check, RayScorer(stores))  # processes of its own: neither ends the other's
    vault = VaultScorer(shards, tasks, evidence, configured, clear_values, scoring)
    order = QueueOrder(shards, tasks, args.partitions, evidence, RayScorer(stores))
    return {
        "certifier": (certifier.once, CERTIFY_EVERY_S),
        "override watch": (OverrideWatch(shards, tasks, evidence, policy_of).once, CERTIFY_EVERY_S),
        "canary": (canary.once, CANARY_EVERY_S),
        "probation": (Probation(shards, tasks, intakes).once, PROBATION_EVERY_S),
        "shadow": (shadow.once, SHADOW_EVERY_S),
        "vault": (vault.once, VAULT_EVERY_S),
        "prices": (PriceReconciler(shards, tasks, policy_of, args.partitions, args.review_timeout_hours).once, PRICES_EVERY_S),
        "second looks": (SecondLooks(shards, tasks, args.partitioning, evidence).once, SECOND_LOOKS_EVERY_S),
        "queue order": (order.once, QUEUE_ORDER_EVERY_S),
        "lazy answers": (LazyAnswers(shards, tasks, args.partitioning, evidence).once, LAZY_ANSWERS_EVERY_S),
        "monitor": (monitor.once, MONITOR_EVERY_S),
    }


def succession(args: ServeArgs, tasks: Mapping[str, TaskSpec], shards: Shards, evidence: TaskEvidence) -> Succession:
    """What tells approved challengers to wait."""
    return Succession(shards, tasks, evidence, _policy_of(_configured(args, tasks), tasks))


def overdue_counts(args: ServeArgs, tasks: Mapping[str, TaskSpec], shards: Shards, evidence: TaskEvidence) -> Overdue:
    """The count of checks that nobody answered in time, for the alerts."""
    policy_of = _policy_of(_configured(args, tasks), tasks)

    async def overdue() -> dict[str, int]:
        return await overdue_checks(evidence, shards, policy_of, tasks, time.time())

    return overdue


def _configured(args: ServeArgs, tasks: Mapping[str, TaskSpec]) -> Mapping[str, CompiledPolicy]:
    return policies(tasks, args.auto_approve_threshold, args.expert_escalation_threshold)


def _policy_of(configured: Mapping[str, CompiledPolicy], tasks: Mapping[str, TaskSpec]) -> PolicyOf:
    def policy_of(task: str, serving: ServingView) -> CompiledPolicy:
        return policy_in_force(configured[task], tasks[task].labels, serving)

    return policy_of


def _intakes(args: ServeArgs, read: Sequence[RecentRows]) -> Partitioned[ArchivedIntake]:
    return open_intakes(connect(args.redis_url), args.partitioning, args.archive_uri, read)
