"""The access shard: nothing goes untold, and another program folds the same state."""

import json
from dataclasses import replace

import pytest

from hitl.access import (
    AccessMachine,
    AskGrant,
    ChangeAccount,
    ChangePreferences,
    EraseApproval,
    EraseCase,
    HoldCase,
    HoldDays,
    IssueKey,
    NoteReveal,
    NoteSealedRead,
    NoteSignIn,
    NoteSignOut,
    PreferencesOf,
    RecoverAccount,
    RevokeKey,
    RotateKey,
    SettleGrant,
)
from hitl.access.commands import AccessCommand
from hitl.access.preferences import Preferences, SavedView
from hitl.canonical import canonical
from hitl.errors import Forbidden, HitlError, InvalidInput
from hitl.identity.views import AccountView
from tests.fakes.shell import Shell
from tests.fakes.stranger import access_folds

ANN = AccountView("ann", ["reviewer"], ["digits"], [], ["latin"], is_disabled=False)
ROOT = replace(ANN, account="root", roles=["admin"])
LIFE: list[AccessCommand] = [
    ChangeAccount(ANN, "root"),
    IssueKey("k1", "ann", None, "root"),
    NoteSignIn("ann", "key", "s1"),
    NoteReveal("case", "a", "digits", "ann", "to read it"),
    NoteSealedRead("training", "digits", "a-job", "examples for training", 3, "0.0..2.1"),
    EraseCase("a", "digits", "olga", "asked"),
    EraseApproval("digits-1", "seal", "digits", "olga", "asked"),
    NoteSignOut("ann", "s1", "ann"),
    AskGrant("g1", "account", replace(ANN, roles=["approver"]), "root"),
    SettleGrant("g1", True, "ada"),
    AskGrant("g2", "key", ROOT, "root"),
    SettleGrant("g2", False, "root"),
    AskGrant("g3", "key", ROOT, "root"),
    RecoverAccount("ada", ("approver",), "owner", "she left"),
    RotateKey("k2", "ann", None, "ann", "k1", 2_000_000.0),
    RotateKey("k9", "bob", None, "bob", "k8", 2_000_000.0),
    RevokeKey("k1", "ann", 9.0, "root"),
    RevokeKey("k0", "bob", 9.0, "root"),
    HoldCase("b", "digits", 4e9, "olga", "a court asked"),
    HoldDays("digits", "1970-01-01", "1970-01-31", 4e9, "olga", "a court asked"),
    HoldDays("digits", "1970-01-01", "1970-01-31", 0.0, "ada", "it is over"),
    ChangePreferences("ann", Preferences(tour="taken", theme="dark")),
    ChangePreferences("ann", Preferences(tour="taken", language="de", views=[SavedView("mine", "reviewer=ann")])),
]


def after(*commands: AccessCommand) -> Shell:
    shell = Shell(AccessMachine())
    for command in commands:
        shell.send(command)
    return shell


def test_another_program_folds_the_same_state() -> None:
    shell = after(*LIFE)
    commits = [json.loads(entry.body) for entry in shell.entries]
    assert access_folds.fold_access(commits) == json.loads(canonical(shell.plain()))


@pytest.mark.parametrize("command", [LIFE[0], LIFE[1], LIFE[5], LIFE[6]])
def test_what_stands_already_makes_no_second_entry(command: AccessCommand) -> None:
    shell = after(*LIFE[:7])
    assert shell.events(command) == []


def test_saved_views_that_are_left_out_stay_until_a_list_replaces_them() -> None:
    views = [SavedView("mine", "reviewer=ann")]
    shell = after(ChangePreferences("ann", Preferences(views=views)), ChangePreferences("ann", Preferences(theme="dark")))
    assert shell.ask(PreferencesOf("ann")) == Preferences(theme="dark", views=views)
    shell.send(ChangePreferences("ann", Preferences(views=[])))
    assert shell.ask(PreferencesOf("ann")) == Preferences(views=[])


def test_preferences_are_all_that_was_said_last_and_say_nothing_twice() -> None:
    last = ChangePreferences("ann", Preferences(tour="skipped", density="compact", views=[SavedView("old", "days=30")]))
    shell = after(ChangePreferences("ann", Preferences(theme="dark")), last)
    assert shell.ask(PreferencesOf("ann")) == last.preferences
    assert shell.ask(PreferencesOf("bob")) == Preferences()
    assert shell.events(last) == []


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (EraseCase("a", "digits", "olga", " "), InvalidInput),
        (NoteReveal("case", "a", "digits", "ann", ""), InvalidInput),
        (NoteReveal("case", "a", "digits", "ann", "x" * 2001), InvalidInput),
        (ChangeAccount(replace(ROOT, roles=["reviewer"]), "root"), Forbidden),
        (ChangeAccount(replace(ROOT, is_disabled=True), "root"), Forbidden),
    ],
)
def test_a_refusal_changes_nothing(command: AccessCommand, refusal: type[HitlError]) -> None:
    shell = after(*LIFE)
    count = len(shell.entries)
    with pytest.raises(refusal):
        shell.send(command)
    assert len(shell.entries) == count
