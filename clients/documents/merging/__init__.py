"""Several papers as one file: PDF, JPEG and PNG into one PDF, read in a process of its own since nobody vouches for them."""

from clients.documents.merging.binder import (
    Binder,
    BinderBroken,
    Bound,
    Limits,
    Paper,
    Refusal,
)

__all__ = ["Binder", "BinderBroken", "Bound", "Limits", "Paper", "Refusal"]
