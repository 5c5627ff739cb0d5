"""The terms of recordings as cases: what a task file may say, who reads them, and what is handed to an annotation tool."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from hitl.blobs.file_types import FileTerms
from hitl.errors import InvalidInput
from hitl.inference.families import FAMILIES
from hitl.inference.rows import RECORDING
from hitl.tasks import TaskSpec

NOTES = yaml.safe_load(Path("examples/tasks/declared_voice_notes.yaml").read_text(encoding="utf-8"))
HANDLE = {"sha256": "0" * 64, "type": "wav", "bytes": 7, "key": "k" * 86, "duration_ms": 1000}


def spec_with(**changes: object) -> TaskSpec:
    return TaskSpec.model_validate({**NOTES, **changes})


def test_a_recording_has_bounds_of_bytes_seconds_and_channels() -> None:
    said = spec_with(input={"kind": "audio"}).input.files
    assert said == FileTerms(["wav", "flac", "ogg", "mp3"], 20_000_000, max_seconds=600, max_channels=2)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"max_seconds": 0}, "max_seconds"),
        ({"max_seconds": 1801}, "max_seconds"),
        ({"max_channels": 3}, "max_channels"),
        ({"max_bytes": 32_000_001}, "max_bytes"),
        ({"types": ["aac"]}, "types"),
        ({"types": []}, "types"),
        ({"max_pixels": 7}, "max_pixels"),
    ],
)
def test_terms_out_of_bounds_are_refused(changes: Mapping[str, object], where: str) -> None:
    with pytest.raises(ValidationError, match=where):
        spec_with(input={"kind": "audio", **changes})


def test_a_case_names_one_handle_and_its_model_sees_the_digest() -> None:
    audio = spec_with().input
    assert audio.parse_vector({"audio": HANDLE}) == "0" * 64
    [(place, handle)] = audio.blobs_in({"audio": HANDLE})
    assert (place, handle.duration_ms) == ("/features/audio", 1000)


@pytest.mark.parametrize("features", [{}, {"image": HANDLE}, {"audio": {**HANDLE, "type": "png"}}, {"audio": "call.wav"}, HANDLE])
def test_other_features_are_refused(features: object) -> None:
    with pytest.raises(InvalidInput):
        spec_with().input.parse_vector(features)


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - {"declared"}))
def test_every_family_but_the_declared_one_refuses_recordings_in_words(family: str) -> None:
    with pytest.raises(ValidationError, match=f"{family} reads .* alone; a task over recordings needs declared"):
        spec_with(model={"family": family})
    assert RECORDING not in FAMILIES[family].reads


@pytest.mark.parametrize("kind", ["spans", "segments"])
def test_parts_of_a_recording_are_handed_to_an_annotation_tool(kind: str) -> None:
    with pytest.raises(ValidationError, match="spans of texts or recordings and video belong in an annotation tool"):
        spec_with(answer={"kind": kind})
