"""Why a stage failed, and whether it is worth another try or a person's look."""

import re

from hitl.canonical import Json, JsonObject
from hitl.workflow.free_json import is_number, object_in
from hitl.workflow.parts import FailureAnalysis

MAX_ATTEMPTS = 3
"""Of a stage that fails for passing reasons, before a person is asked."""

TITLE = "Workflow failed - human intervention required"

CATEGORIES = (
    ("threshold", re.compile(r"threshold|below|metric", re.IGNORECASE)),
    ("passing", re.compile(r"time[d ]?-?out|unavailable|connection|temporar|refused|reset|busy|429|503", re.IGNORECASE)),
    ("resources", re.compile(r"memory|disk|space|quota|oom", re.IGNORECASE)),
    ("data", re.compile(r"data|schema|column|missing|empty|nan", re.IGNORECASE)),
    ("configuration", re.compile(r"config|unknown|invalid|not found|import|attribute", re.IGNORECASE)),
)

ADVICE = {
    "threshold": "look at the evaluation: better data or parameters, or another threshold",
    "passing": "the cause passes by itself: try again",
    "resources": "give the stage more memory or disk, or make it smaller",
    "data": "look at the data set of the stage",
    "configuration": "correct the stage's configuration",
    "unknown": "read the error and decide",
}


def analyse_failure(stage: str, stage_type: str, error: str, attempt: int) -> FailureAnalysis:
    """``willRetry`` for a passing cause with attempts left; otherwise ``requiresHumanIntervention``.

    >>> analyse_failure("train", "training", "connection refused", 1).willRetry
    True
    """
    category = next((name for name, pattern in CATEGORIES if pattern.search(error)), "unknown")
    retries = category == "passing" and attempt < MAX_ATTEMPTS
    return FailureAnalysis(
        stage=stage,
        stage_type=stage_type,
        category=category,
        error=error,
        attempt=attempt,
        suggestion=ADVICE[category],
        willRetry=retries,
        requiresHumanIntervention=not retries,
    )


def missed_thresholds(config: JsonObject, result: JsonObject) -> list[str]:
    """Return what a validation's metrics lack of its thresholds; none when all are met. A metric that is missing is missed."""
    metrics = result.get("metrics", result)
    found = metrics if isinstance(metrics, dict) else {}
    return [
        f"metric {name} is {_shown(found.get(name))}, below the threshold {bound:g}"
        for name, bound in object_in(config, "validationThresholds").items()
        if is_number(bound) and not _reaches(found.get(name), bound)
    ]


def _reaches(value: Json, bound: float) -> bool:
    return is_number(value) and value >= bound


def _shown(value: Json) -> str:
    return f"{value:.4g}" if is_number(value) else "not reported"
