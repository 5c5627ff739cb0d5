"""The history of access: sign-ins, accounts and keys, reveals of sealed values, erasures."""

from hitl.access.commands import (
    AskGrant,
    ChangeAccount,
    EraseApproval,
    EraseCase,
    IssueKey,
    NoteReveal,
    NoteSealedRead,
    NoteSignIn,
    NoteSignOut,
    RecoverAccount,
    RevokeKey,
    RotateKey,
    SettleGrant,
)
from hitl.access.machine import AccessMachine
from hitl.access.questions import ErasedSeals, ErasureOf, Erasures, GrantOf, KeysOver, RecentGrants, RevealsOf, SealErasureOf

__all__ = [
    "AccessMachine",
    "AskGrant",
    "ChangeAccount",
    "EraseApproval",
    "EraseCase",
    "ErasedSeals",
    "ErasureOf",
    "Erasures",
    "GrantOf",
    "IssueKey",
    "KeysOver",
    "NoteReveal",
    "NoteSealedRead",
    "NoteSignIn",
    "NoteSignOut",
    "RecentGrants",
    "RecoverAccount",
    "RevealsOf",
    "RevokeKey",
    "RotateKey",
    "SealErasureOf",
    "SettleGrant",
]
