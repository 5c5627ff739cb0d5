"""The history of access: sign-ins, accounts and keys, reveals of sealed values, erasures."""

from hitl.access.commands import (
    ChangeAccount,
    EraseApproval,
    EraseCase,
    IssueKey,
    NoteReveal,
    NoteSealedRead,
    NoteSignIn,
    NoteSignOut,
    RevokeKey,
    RotateKey,
)
from hitl.access.machine import AccessMachine
from hitl.access.questions import ErasedSeals, ErasureOf, Erasures, KeysOver, RevealsOf, SealErasureOf

__all__ = [
    "AccessMachine",
    "ChangeAccount",
    "EraseApproval",
    "EraseCase",
    "ErasedSeals",
    "ErasureOf",
    "Erasures",
    "IssueKey",
    "KeysOver",
    "NoteReveal",
    "NoteSealedRead",
    "NoteSignIn",
    "NoteSignOut",
    "RevealsOf",
    "RevokeKey",
    "RotateKey",
    "SealErasureOf",
]
