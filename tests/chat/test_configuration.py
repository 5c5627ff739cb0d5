"""The file of HITL_CHAT_FILE, and the examples of the documentation."""

import re
from pathlib import Path

import pytest

from hitl.adapters.notify.load import load_chat, load_notifications
from hitl.errors import InvalidConfig

PAGE = Path("docs/integrations/chat.md").read_text()
SECRETS = {"HITL_LINK_SECRET": "l" * 32, "SLACK_SIGNING_SECRET": "s" * 32, "TEAMS_WEBHOOK_TOKEN": "dGVhbXMtc2VjcmV0LXRlYW1z"}
URLS = {
    "SLACK_APP_WEBHOOK_URL": "https://hooks.slack.com/services/T/B/x",
    "TEAMS_WORKFLOW_URL": "https://example.org/w",
    "SMTP_PASSWORD": "p",
    "PAGERDUTY_ROUTING_KEY": "R" * 32,
}
CHAT, NOTIFICATIONS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", [CHAT, Path("examples/clients/chat.yaml").read_text()])
def test_the_examples_load(text: str) -> None:
    terms = load_chat(text, "chat.yaml", SECRETS)
    assert (terms.of_slack("U0456EFGH"), terms.of_slack("U0"), terms.of_teams("11111111-1111-1111-1111-111111111111")) == (
        "ben@company",
        None,
        "ann",
    )


def test_the_channels_of_the_example_load() -> None:
    assert all(channel.is_configured for channel in load_notifications(NOTIFICATIONS, "n.yaml", URLS).channels.values())


WRONG = {
    "a variable that is not set": (CHAT, {**SECRETS, "HITL_LINK_SECRET": ""}),
    "a short secret": (CHAT, {**SECRETS, "HITL_LINK_SECRET": "short"}),
    "no base64": (CHAT, {**SECRETS, "TEAMS_WEBHOOK_TOKEN": "!" * 20}),
    "one person for two accounts": (CHAT.replace("U0456EFGH", "U0123ABCD"), SECRETS),
    "an unknown key": (CHAT + "\nanything: 1\n", SECRETS),
}


@pytest.mark.parametrize("wrong", list(WRONG))
def test_a_wrong_file_stops_the_start_and_shows_no_secret(wrong: str) -> None:
    text, environment = WRONG[wrong]
    with pytest.raises(InvalidConfig) as refused:
        load_chat(text, "chat.yaml", environment)
    assert "s" * 32 not in str(refused.value)
