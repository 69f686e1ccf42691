"""Files of a dispute's evidence. Stable GraphQL shows files that are there and takes no new one; two routes do."""

from clients.shopify.dispute_files.graphql import UploadedFilesRoute
from clients.shopify.dispute_files.port import (
    DisputeFiles,
    DraftFile,
    FileRefused,
    FilesClosed,
    NewFile,
)
from clients.shopify.dispute_files.rest import RestRoute
from clients.shopify.dispute_files.route import dispute_files

__all__ = [
    "DisputeFiles",
    "DraftFile",
    "FileRefused",
    "FilesClosed",
    "NewFile",
    "RestRoute",
    "UploadedFilesRoute",
    "dispute_files",
]
