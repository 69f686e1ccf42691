"""Documents handed in through a form."""

from typing import cast

from emulators.trading_grid.portal import words
from emulators.trading_grid.portal.forms import Form
from emulators.trading_grid.portal.site import Upload
from emulators.trading_grid.resources.documents import Content, DocumentType
from emulators.trading_grid.store import BusinessReference


def read_document(
    form: Form, upload: Upload | None, references: tuple[BusinessReference, ...] = ()
) -> Content | None:
    """A file with its type; None where something is wrong."""
    kind = None
    if form.status != 413:
        kind = form.choice("document_type", words.DOCUMENT_TYPE, needed="Choose what it is.")
    if upload is None:
        form.errors.setdefault("file", "Choose a file first.")
    if form.errors or upload is None or kind is None:
        return None
    return Content(
        cast("DocumentType", kind), upload.name, upload.mime_type, upload.data, references
    )
