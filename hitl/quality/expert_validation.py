"""Which reviews an expert confirms whatever people said: the same share of all reviews, the same ones for ever."""

from hitl.uniform import hash_to_uniform


def is_validated(review_id: str, share: float) -> bool:
    """Tell whether the draw takes the review."""
    return hash_to_uniform(f"validate\n{review_id}") < share
