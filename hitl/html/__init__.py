"""HTML documents from templates: one file without scripts, fonts or requests, and every value in it escaped."""

from hitl.html.render import render_page

__all__ = ["render_page"]
