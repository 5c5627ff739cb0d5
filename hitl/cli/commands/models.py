"""``hitl model``: bring a model that was trained elsewhere."""

import os
from pathlib import Path
from typing import Annotated

import typer
import yaml

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.cli.commands.connection import JsonOutput, progress, tell
from hitl.cli.commands.retrain import job_key
from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.errors import InvalidConfig
from hitl.settings import Settings
from hitl.tasks.definition import spec_of

model_app = typer.Typer(no_args_is_help=True, help="Models that were trained elsewhere.")

Model = Annotated[
    str,
    typer.Argument(
        help="A file (.onnx, .ubj or .json of XGBoost, .txt of LightGBM, .skops), or module:function that returns a fitted "
        "classifier of scikit-learn or a torch module giving logits. Your function runs in this process."
    ),
]
TaskName = Annotated[str, typer.Option(help="The task that it shall serve; its file names the family.")]
Classes = Annotated[str, typer.Option(help="The labels in the model's own order, with commas; default: its own, or the task's.")]
Output = Annotated[str, typer.Option(help="The output of an ONNX graph to read; default: the first that fits.")]


CardFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The card, a YAML or JSON document.")]


@model_app.command("card")
def card(file: CardFile, task: TaskName, as_json: JsonOutput = False) -> None:
    """Bring the card of a model that runs elsewhere, and ask for its approval: of family declared or remote.

    People vote on exactly this document. Nothing serves before."""
    settings = Settings()
    state = control.running(place_of(settings.data_dir))
    from hitl.cli.commands.card_files import read_card
    from hitl.client import Client

    with job_key(state, "model-card") as key, Client(state.url, key) as client:
        spec = spec_of(client.definition(task)["definition"])
        brought = read_card(file, spec)
        digest = ArtifactStore(state.artifact_uri).put(brought.to_bytes())
        asked = client.request_approval(task, digest, f"{brought.name} for {spec.title}", {})
    told = {"approval_id": asked["approval_id"], "digest": digest, "card": brought.name}
    tell(told, f"approval {asked['approval_id']} is open for the card {brought.name}, {digest[:12]}", as_json)


@model_app.command("import")
def import_(model: Model, task: TaskName, classes: Classes = "", output: Output = "", as_json: JsonOutput = False) -> None:
    """Convert MODEL, try it, compare it with the original on at least 200 labelled rows, calibrate it, and ask for its approval.

    Nothing serves before people approve exactly these bytes."""
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    settings = Settings()
    state = control.running(place_of(settings.data_dir))
    from hitl.client import Client  # these are slow to import, and `hitl model --help` needs none of them
    from training.api import PATIENCE, TrainingApi
    from training.importing.run import Import, import_model

    named = tuple(name.strip() for name in classes.split(",") if name.strip())
    given = Import(model, named, output, state.mlflow_url, state.artifact_uri, Path(settings.datasets_dir))
    with job_key(state, "model-import") as key, Client(state.url, key, PATIENCE) as client:
        api = TrainingApi(client)
        result = import_model(api.task(task), given, api, progress(as_json))
    tell(result, yaml.safe_dump(result, sort_keys=False).rstrip(), as_json)


EncoderFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="An ONNX file that reads one batch of pictures, or of tokens.")
]
RecipeFile = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="How pictures become its numbers, or its numbers a text's vector: YAML or JSON."
    ),
]
TokenizerFile = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="The tokenizer.json of an encoder of texts."),
]
Vector = Annotated[str, typer.Option(help="The tensor with the vectors: the graph is cut there. Else the first output.")]


@model_app.command("encoder")
def encoder(
    file: EncoderFile,
    recipe: RecipeFile = None,
    tokenizer: TokenizerFile = None,
    output: Vector = "",
    as_json: JsonOutput = False,
) -> None:
    """Try an encoder of pictures or texts, store it, and say the digest that task files of family encoder_head name.

    It serves nothing by itself: people vote on each model that has it inside."""
    settings = Settings()
    uri = settings.artifact_uri or control.running(place_of(settings.data_dir)).artifact_uri
    from hitl.cli.commands.recipe_files import read_recipe, read_text_recipe
    from training.importing.encoders import import_encoder

    store, word = ArtifactStore(uri), "picture" if tokenizer is None else "text"
    if tokenizer is None:
        if recipe is None:
            raise InvalidConfig(file.name, "--recipe", "an encoder of pictures needs one; one of texts needs --tokenizer")
        found = import_encoder(file, read_recipe(recipe), output, store)
    else:
        from training.importing.text_encoders import import_text_encoder

        found = import_text_encoder(file, tokenizer, read_text_recipe(recipe), output, store)
    tried = {f"{word}s": found.admission.rows, f"{word}_ms": round(found.admission.batch_ms / found.admission.batch, 2)}
    told = {"encoder": found.digest, "width": found.width, "tried": tried}
    tell(told, yaml.safe_dump(told, sort_keys=False).rstrip(), as_json)
