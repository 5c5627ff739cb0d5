"""The process that decodes pictures, with room for small ones alone."""

from hitl.adapters.checkers import decoding


def main() -> None:
    decoding.BASE_MEMORY, decoding.PIXEL_BYTES = 200 * 2**20, 0
    decoding.main()
