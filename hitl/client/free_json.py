"""JSON whose shape the service does not fix: the features of a case, the context of an approval, a stage's result."""

from typing import TypeAlias

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

JsonObject: TypeAlias = dict[str, Json]
