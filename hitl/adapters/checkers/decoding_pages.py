"""Draw the pages of a document, in the process that decodes files of others.

Scripts in it are not run: this pdfium is built without. Nothing is fetched.
"""

import io

import pypdfium2

from hitl.adapters.checkers.decoding_wire import Asked, Said

PAGE_SIDE = 2400
"""Pixels of a page's longer side as people see it: some 200 for each inch of a letter."""

TRIED_SIDE = 200
"""Of a page that is drawn only to know that it can be."""


def decode_document(asked: Asked, data: bytes) -> tuple[Said, bytes]:
    """Draw every page, small, or one that people see. A document that wants a password cannot be shown to anybody."""
    with pypdfium2.PdfDocument(data) as document:
        pages = len(document)
        if not 1 <= pages <= asked.max_pages:
            return Said(expected=f"at most {asked.max_pages} pages, came {pages}"), b""
        if document.get_formtype() is not None:
            document.init_forms()  # else what somebody filled in is not drawn
        if asked.wanted:
            return _shown(document, asked.page)
        for number in range(pages):
            _draw(document, number, TRIED_SIDE)
        return Said(kind="pdf", pages=pages), b""


def _shown(document: pypdfium2.PdfDocument, page: int) -> tuple[Said, bytes]:
    drawn, out = _draw(document, page - 1, PAGE_SIDE).to_pil().convert("RGB"), io.BytesIO()
    drawn.save(out, "PNG", compress_level=3)
    return Said(kind="png", width=drawn.width, height=drawn.height, pages=len(document)), out.getvalue()


def _draw(document: pypdfium2.PdfDocument, number: int, side: int) -> pypdfium2.PdfBitmap:
    page = document[number]
    return page.render(scale=side / max(*page.get_size(), 1.0))
