"""``hitl mlflow``: review queues both ways, and evaluation datasets. MLflow takes seconds to import: each command imports it."""

import json
import time
from collections.abc import Callable
from typing import Annotated

import typer

from hitl.cli.commands.connection import JsonOutput, Key, Url, client_of, progress, tell
from hitl.tracking.settings import TrackingSettings

mlflow_app = typer.Typer(
    no_args_is_help=True, help="MLflow's review queues both ways, and evaluation datasets. MLFLOW_TRACKING_URI says where it is."
)

Every = Annotated[float | None, typer.Option(min=1, help="Go on, with a pass every so many seconds; without it one pass.")]
Person = Annotated[str | None, typer.Option(help="The person's name in MLflow; default: the account of the key.")]


@mlflow_app.command("take-queue")
def take_queue(  # noqa: PLR0913 - its options
    experiment: Annotated[str, typer.Argument(help="The experiment of the queue.")],
    queue: Annotated[str, typer.Argument(help="The review queue in MLflow.")],
    task: Annotated[str, typer.Option(help="The task to open cases of.")],
    features_at: Annotated[str, typer.Option(help="Where a trace's inputs have the features, e.g. row or body.features.")],
    key: Key,
    every: Every = None,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Let people answer here what waits in QUEUE: each trace becomes a case of the task, and what they decide completes its
    item in MLflow. A second pass opens nothing anew. Needs a client's key."""
    from hitl.adapters.mlflow.review_queues import MlflowReviewQueue
    from hitl.integrations.review_queues.take import Taking

    theirs = MlflowReviewQueue(TrackingSettings().tracking_uri, experiment, queue)
    with client_of(url, key) as client:
        taking = Taking(client, theirs, task, features_at)
        _repeat(every, lambda: [(each.trace_id, each.outcome) for each in taking.step(time.time())], as_json)


@mlflow_app.command("lend-reviews")
def lend_reviews(
    source: Annotated[str, typer.Argument(metavar="QUEUE", help="The queue here: the name of its task.")],
    key: Key,
    person: Person = None,
    most: Annotated[int, typer.Option(min=1, max=100, help="How many reviews the person holds at most.")] = 5,
    every: Every = None,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Let the person of the key answer reviews of QUEUE in MLflow, in the experiment hitl-reviews-QUEUE. Answers come back as
    their decisions. Reviews stay leased while it runs (--every); without it they return to the queue when the lease ends."""
    from hitl.adapters.mlflow.review_queues import MlflowReviewQueue
    from hitl.integrations.review_queues.lend import Lending, account_of

    with client_of(url, key) as client:
        name = person or account_of(client)
        theirs = MlflowReviewQueue(TrackingSettings().tracking_uri, f"hitl-reviews-{source}", f"hitl-{name}")
        theirs.make([str(label) for label in client.task(source)["labels"]], [name])
        lending = Lending(client, theirs, source, name, most)
        _repeat(every, lambda: [(each.review_id, each.outcome) for each in lending.step()], as_json)


@mlflow_app.command("evaluation-set")
def write_evaluation_set(
    task: str,
    name: Annotated[str, typer.Argument(help="The evaluation dataset in MLflow.")],
    key: Key,
    experiment: Annotated[str | None, typer.Option(help="Its experiment; default: hitl-TASK.")] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Only cases that were drawn at random and answered blind.")] = False,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Merge the decided cases of TASK into an evaluation dataset: inputs are the features, expectations the people's label.
    Inputs are clear there, sealed ones too, and an erasure here does not reach MLflow. Needs a trainer's key."""
    from hitl.adapters.mlflow.evaluation_sets import merge_records
    from hitl.integrations.evaluation_sets import record_of
    from hitl.integrations.labelling.transfer import decided_cases

    with client_of(url, key) as client:
        records = [record_of(case) for case in decided_cases(client, task, blind)]
    count = merge_records(TrackingSettings().tracking_uri, experiment or f"hitl-{task}", name, records)
    told = {"dataset": name, "cases": len(records), "records": count}
    tell(told, f"{len(records)} decided cases; {name} has {count} records", as_json)


def _repeat(every: float | None, step: Callable[[], list[tuple[str, str]]], as_json: bool) -> None:
    """Print what each pass did: a line for each item, or as JSON a document for each pass, on a line of its own."""
    say = progress(False)
    while True:
        moved = step()
        if as_json:
            typer.echo(json.dumps({"items": [{"id": name, "outcome": outcome} for name, outcome in moved]}))
        else:
            for name, outcome in moved:
                say(f"{name}: {outcome}")
        if every is None:
            return
        time.sleep(every)
