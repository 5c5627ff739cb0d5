"""Read the lexicons: what must not be published in words, one file for each language."""

from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hitl.checks.finding import Severity
from hitl.checks.patterns import CheckRule, rule
from hitl.checks.plain_text import ANYTHING_ELSE
from hitl.yaml_text import from_yaml

LANGUAGES = ("en", "de")

REASONS = {
    "hate-dehumanises": "says that people are less than people",
    "hate-calls-for-harm": "calls for harm to a group of people",
    "hate-excludes": "demands that a group be shut out",
    "confidential-marked": "is marked as confidential",
    "confidential-internal": "is not meant to leave the house",
    "confidential-agreement": "is covered by an agreement",
    "confidential-plans": "tells what is not public yet",
}

SPELLINGS = {letter: f"(_|{base}{ANYTHING_ELSE}|{base}e)" for letter, base in zip("äöü", "aou", strict=True)} | {"ß": "(_|ss)"}
"""Where patterns search (plain_lines) a letter beyond ASCII is ``_``, and the sign after the letter of a decomposed one is
ANYTHING_ELSE."""


class LexiconRule(BaseModel):
    """``pattern`` names lists of words in braces."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    severity: Severity
    pattern: Annotated[str, Field(min_length=1)]


class Lexicon(BaseModel):
    """The words and rules of one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: dict[str, list[str]]
    hate_speech: tuple[LexiconRule, ...]
    confidential_data: tuple[LexiconRule, ...]


def read_lexicon(language: str) -> Lexicon:
    name = f"{language}.yaml"
    text = (files("hitl.checks") / "lexicons" / name).read_text(encoding="utf-8")
    return Lexicon.model_validate(from_yaml(text, name))


def hate_speech() -> tuple[CheckRule, ...]:
    """Return the rules of all languages."""
    return tuple(made for each in map(read_lexicon, LANGUAGES) for made in _rules(each, each.hate_speech))


def confidential_data() -> tuple[CheckRule, ...]:
    """Return the rules of all languages."""
    return tuple(made for each in map(read_lexicon, LANGUAGES) for made in _rules(each, each.confidential_data))


def _rules(lexicon: Lexicon, given: tuple[LexiconRule, ...]) -> list[CheckRule]:
    return [rule(each.name, _pattern(lexicon, each.pattern), REASONS[each.name], each.severity) for each in given]


def _pattern(lexicon: Lexicon, pattern: str) -> str:
    for name, words in lexicon.words.items():
        pattern = pattern.replace(f"{{{name}}}", f"({'|'.join(words)})")
    for letter, spelling in SPELLINGS.items():
        pattern = pattern.replace(letter, spelling)
    return pattern
