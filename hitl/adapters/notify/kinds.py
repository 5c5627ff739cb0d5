"""Every kind of channel, by the ``type`` that names it in the notifications file. A new kind is listed here."""

from collections.abc import Mapping

from hitl.adapters.notify.apprise import APPRISE
from hitl.adapters.notify.handler import HANDLER_KIND
from hitl.adapters.notify.inbox import INBOX
from hitl.adapters.notify.kind import ChannelKind
from hitl.adapters.notify.webhook import WEBHOOK

KINDS: Mapping[str, ChannelKind] = {kind.name: kind for kind in (WEBHOOK, APPRISE, INBOX, HANDLER_KIND)}
