"""What chats are answered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TeamsAnswer:
    """A message that Teams shows under the one that it sent: ``type`` is ``message``."""

    type: str
    text: str
