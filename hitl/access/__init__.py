"""Who was let in, who was shown what is sealed, and what was erased: the part of history that is about access itself."""

from hitl.access.commands import (
    ChangeAccount,
    EraseApproval,
    EraseCase,
    IssueKey,
    NoteReveal,
    NoteSignIn,
    NoteSignOut,
    RevokeKey,
)
from hitl.access.machine import AccessMachine
from hitl.access.questions import ErasedSeals, ErasureOf, Erasures, RevealsOf, SealErasureOf

__all__ = [
    "AccessMachine",
    "ChangeAccount",
    "EraseApproval",
    "EraseCase",
    "ErasedSeals",
    "ErasureOf",
    "Erasures",
    "IssueKey",
    "NoteReveal",
    "NoteSignIn",
    "NoteSignOut",
    "RevealsOf",
    "RevokeKey",
    "SealErasureOf",
]
