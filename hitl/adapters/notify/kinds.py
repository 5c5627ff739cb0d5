"""Every kind of channel, by the ``type`` that names it in the notifications file. A new kind is listed here."""

from collections.abc import Mapping

from hitl.adapters.notify.apprise import APPRISE
from hitl.adapters.notify.handler import HANDLER_KIND
from hitl.adapters.notify.inbox import INBOX
from hitl.adapters.notify.kind import ChannelKind
from hitl.adapters.notify.pagerduty import PAGERDUTY
from hitl.adapters.notify.slack import SLACK
from hitl.adapters.notify.teams import TEAMS
from hitl.adapters.notify.vote_link import VOTE_LINK
from hitl.adapters.notify.webhook import WEBHOOK

LISTED = (WEBHOOK, APPRISE, INBOX, HANDLER_KIND, SLACK, TEAMS, PAGERDUTY, VOTE_LINK)
KINDS: Mapping[str, ChannelKind] = {kind.name: kind for kind in LISTED}
