"""``hitl judges``: language models as judges, beside people."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hitl.cli.commands.connection import JsonOutput, Key, Url, client_of, progress, tell
from hitl.client import Client
from hitl.integrations.judges.agreement import JudgeVerdict, count_pairs, measure_agreement, read_verdicts
from hitl.integrations.judges.calibration import calibrate_judge, declared_prediction

judges_app = typer.Typer(
    no_args_is_help=True,
    help="Language models as judges: agreement with people (a trainer's key), calibrated verdicts (a declarer's).",
)

PAGE = 500
RANDOM = "gold"
"""The stored name of the random sample, whose cases are answered blind."""

Verdicts = Annotated[Path, typer.Argument(help="JSON Lines: case_id, label, and features for new cases.", exists=True)]


@judges_app.command("agreement")
def show_agreement(
    task: str,
    verdicts: Verdicts,
    key: Key,
    blind: Annotated[bool, typer.Option("--blind", help="Only cases that were drawn at random and answered blind.")] = False,
    save: Annotated[Path | None, typer.Option("--save", help="Write what each label of the judge is worth to this file.")] = None,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Compare the VERDICTS of a judge with what people decided on the same cases of TASK."""
    with client_of(url, key) as client:
        labels = [str(label) for label in client.task(task)["labels"]]
        people = dict(decisions_of_people(client, task, blind))
    counts = count_pairs(_read(verdicts, labels), people)
    try:
        found = measure_agreement(counts)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="VERDICTS") from error
    pairs = sorted(Counter(counts).items())
    head = f"{found.cases} cases: {found.share:.1%} agree ({found.low:.1%} to {found.high:.1%}), kappa {_shown(found.kappa)}"
    rows = [f"  judge {judge}, people {decided}: {count}" for (judge, decided), count in pairs]
    plain = [{"judge": judge, "people": decided, "cases": count} for (judge, decided), count in pairs]
    tell({**asdict(found), "pairs": plain}, "\n".join([head, *rows]), as_json)
    if save is not None:
        save.write_text(json.dumps(calibrate_judge(counts, labels), indent=1) + "\n")


@judges_app.command("declare")
def declare(  # noqa: PLR0913 - its options
    task: str,
    verdicts: Verdicts,
    calibrated: Annotated[Path, typer.Argument(help="What `hitl judges agreement --save` wrote.", exists=True)],
    model: Annotated[str, typer.Option(help="The judge's name, as its card says.")],
    version: Annotated[str, typer.Option(help="Its version, as its card says.")],
    key: Key,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Open a case of TASK (family declared) for each of VERDICTS, with the calibrated verdict as its prediction. The same file
    again opens nothing anew."""
    worth, say, opened = json.loads(calibrated.read_text()), progress(as_json), list[dict[str, str]]()
    with client_of(url, key) as client:
        labels = [str(label) for label in client.task(task)["labels"]]
        if list(worth) != labels:
            raise typer.BadParameter(f"it is about other labels than {', '.join(labels)}", param_hint="CALIBRATED")
        for verdict in _read(verdicts, labels):
            said = declared_prediction(verdict.label, worth, labels, model, version)
            case = client.declare(
                task, verdict.features, [said], {"external_id": verdict.case_id}, key=f"judge:{verdict.case_id}"
            )
            opened.append({"external_id": verdict.case_id, "case_id": case["case_id"], "status": case["status"]})
            say(f"{verdict.case_id}: {case['status']}")
    if as_json:
        tell({"cases": opened}, "", as_json)


def decisions_of_people(client: Client, task: str, is_blind: bool) -> Iterator[tuple[str, str]]:
    """Yield the decided cases of the task with their labels."""
    after = None
    while True:
        page = client.examples(task, after, PAGE)
        for each in page["examples"]:
            if not is_blind or RANDOM in each["streams"]:
                yield each["case_id"], str(each["label"])
        if len(page["examples"]) < PAGE:
            return
        after = page["next"]


def _read(file: Path, labels: list[str]) -> list[JudgeVerdict]:
    try:
        return read_verdicts(file.read_text(encoding="utf-8"), labels)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="VERDICTS") from error


def _shown(kappa: float | None) -> str:
    return "undefined" if kappa is None else f"{kappa:.2f}"
