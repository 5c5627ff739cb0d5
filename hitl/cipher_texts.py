"""The encrypted values of a request, as commands, events and views carry them; hitl.sealing.parts makes and opens them."""

from typing_extensions import TypedDict


class CipherTexts(TypedDict, total=False):
    """``key`` is the subject that names the data key, ``texts`` place -> text. Empty where nothing is sealed."""

    key: str
    texts: dict[str, str]
