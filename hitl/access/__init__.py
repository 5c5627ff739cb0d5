"""Who was let in, who was shown what is sealed, and what was erased: the part of history that is about access itself."""

from hitl.access.commands import ChangeAccount, EraseCase, IssueKey, NoteReveal, NoteSignIn, NoteSignOut, RevokeKey
from hitl.access.machine import AccessMachine
from hitl.access.questions import ErasureOf, Erasures, RevealsOf

__all__ = [
    "AccessMachine",
    "ChangeAccount",
    "EraseCase",
    "ErasureOf",
    "Erasures",
    "IssueKey",
    "NoteReveal",
    "NoteSignIn",
    "NoteSignOut",
    "RevealsOf",
    "RevokeKey",
]
