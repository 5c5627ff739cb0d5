"""The events of reviews that leave memory for the archive, and of those that come back."""

from hitl.review.event_fields import AboutReview


class ReviewArchived(AboutReview, frozen=True, kw_only=True):
    """The review left; ``digest`` is the SHA-256 of what is kept of its case."""

    digest: str


class ReviewRecalled(AboutReview, frozen=True, kw_only=True):
    """The review came back; ``review`` has every field of the compared state, also those that later versions added."""

    review: dict[str, object]
