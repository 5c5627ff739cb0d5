"""The table of model families: the one place where they are told apart. A new family is one file here and one entry in it."""

import importlib
from collections.abc import Iterable

from hitl.errors import InvalidConfig
from hitl.inference.families.declared import DeclaredFamily
from hitl.inference.families.encoder_head import EncoderHeadFamily
from hitl.inference.families.estimators import ESTIMATORS
from hitl.inference.families.family import ALONE, Family, WorkerPlace
from hitl.inference.families.imported import ImportedFamily
from hitl.inference.families.perceptron import PerceptronFamily
from hitl.inference.families.remote import RemoteFamily
from hitl.inference.families.sentences import SentenceFamily
from hitl.inference.rows import RowForm

_NAMED_IN_HEADER: tuple[Family, ...] = (DeclaredFamily(), RemoteFamily(), ImportedFamily(), EncoderHeadFamily())
_ALL: tuple[Family, ...] = (*_NAMED_IN_HEADER, PerceptronFamily(), *ESTIMATORS, SentenceFamily())
FAMILIES = {family.name: family for family in _ALL}
"""By name. The first that recognises a file reads it: a family that its header names stands before those that it does not."""


def family_named(name: str) -> Family:
    """Return the family that task files call ``name``. Raises InvalidConfig for an unknown one."""
    if name not in FAMILIES:
        raise InvalidConfig("model", "family", f"expected one of {sorted(FAMILIES)}, came {name!r}")
    return FAMILIES[name]


def family_of(data: bytes) -> Family:
    """Return the family of an artifact. Raises ValueError for bytes that none of them recognises."""
    for family in FAMILIES.values():
        if family.recognises(data):
            return family
    raise ValueError("neither safetensors nor skops, nor a file of another known family")


def is_foreign(data: bytes) -> bool:
    """Tell whether an artifact computes what somebody else wrote down. False for bytes that no family recognises."""
    try:
        return family_of(data).is_foreign
    except Exception:  # noqa: BLE001 - broken bytes fail in any way inside the readers, and ``load`` refuses them all
        return False


def is_carded(data: bytes) -> bool:
    """Tell whether an artifact is the card of a model that runs elsewhere. False for bytes that no family recognises."""
    try:
        return family_of(data).is_carded
    except Exception:  # noqa: BLE001 - as above
        return False


def names_reading(form: RowForm) -> list[str]:
    """Return the families that can be fitted on rows of this form."""
    return [family.name for family in FAMILIES.values() if form in family.reads]


def require_installed(names: Iterable[str]) -> None:
    """Raise InvalidConfig where an optional package of one of these families is not installed."""
    for name in sorted(set(names)):
        family_named(name).require_installed()


def import_libraries(names: Iterable[str], device: str) -> None:
    """Import what loading an artifact of these families for ``device`` needs: a first deployment need not wait for it."""
    for module in sorted({module for name in names for module in family_named(name).libraries(device)}):
        importlib.import_module(module)


__all__ = [
    "ALONE",
    "FAMILIES",
    "Family",
    "WorkerPlace",
    "family_named",
    "family_of",
    "import_libraries",
    "is_carded",
    "is_foreign",
    "names_reading",
    "require_installed",
]
