"""Prompts with versions, an alias, and a test of one against the other. Run: python examples/prompt_versioning.py"""

from local_mlflow import use_local_mlflow

uri = use_local_mlflow()

from recorded_model import complete  # noqa: E402

from hitl.adapters.mlflow.prompts import MlflowPrompts  # noqa: E402
from hitl.adapters.mlflow.reader import MlflowReader  # noqa: E402
from hitl.tracking import annotate, mlflow_tracker, track_text  # noqa: E402
from hitl.tracking.prompts import PromptSplit, ab_report  # noqa: E402

prompts = MlflowPrompts(uri)
first = prompts.register("finding", "Summarise: {{finding}}")
second = prompts.register("finding", "Be careful and name the numbers: {{finding}}", message="asks for numbers")
prompts.set_alias("finding", "production", first.version)
print("in production:", prompts.load("finding", alias="production").template)

split = PromptSplit(key=f"finding-{first.version}-{second.version}", shares={first.version: 0.5, second.version: 0.5})


@track_text("prompt_test", "summary")
def summarise(finding: str, user: str) -> dict[str, object]:
    prompt = prompts.load("finding", version=split.version_for(user))
    annotate(**prompt.notes)
    annotate(**split.notes_for(user))
    return complete(prompt.format(finding=finding))


for number in range(40):
    summarise("demand fell", f"user-{number}")
print("stored:", mlflow_tracker.flush(60), "in", uri)
report = ab_report(split.key, MlflowReader(uri).runs(["prompt_test"], limit=1000), metric="confidence_score")
for variant in report.variants:
    print("version", variant.version, "runs", variant.runs, "mean confidence", variant.mean)
print("winner:", report.winner)
