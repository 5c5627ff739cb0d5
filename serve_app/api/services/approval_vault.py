"""Seal the sensitive values of approval requests."""

from dataclasses import dataclass
from secrets import token_bytes

from hitl.errors import InvalidInput
from hitl.sealing import DataKeys, Keys, SealedParts, seal_parts
from hitl.sealing.keyring import KEY_BYTES
from hitl.sealing.parts import Parts


@dataclass(frozen=True, slots=True)
class ApprovalVault:
    """``masters`` None: this installation has no master key, and nothing can be sealed."""

    store: DataKeys
    masters: Keys | None = None

    async def seal(self, subject: str, parts: Parts, names: set[str]) -> SealedParts:
        """Under the data key of ``subject``, which stands in the store before anything else does. Raises InvalidInput."""
        masters = self._masters()
        wrapped = await self.store.keep(subject, masters.wrap(token_bytes(KEY_BYTES), subject, token_bytes))
        return seal_parts(parts, names, subject, masters.unwrap(wrapped, subject), token_bytes)

    def _masters(self) -> Keys:
        if self.masters is None:
            raise InvalidInput("/sensitive", "nothing: this installation has no master key")
        return self.masters
