"""The path of a member of nested JSON, as task files name it: ``/customer/name``.

Checked by ``re``: as a pattern of pydantic's own, such bounds take five megabytes in every process that knows of tasks.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

PATH = re.compile(r"^(/[^/]{1,200}){1,16}$")


def _checked(path: str) -> str:
    if not PATH.fullmatch(path):
        raise PydanticKnownError("string_pattern_mismatch", {"pattern": PATH.pattern})
    return path


MemberPath = Annotated[str, AfterValidator(_checked), WithJsonSchema({"type": "string", "pattern": PATH.pattern})]
