"""Which way a shop's files go: by the API version that it is called with."""

from clients.shopify.admin import AdminApi
from clients.shopify.dispute_files.graphql import UploadedFilesRoute
from clients.shopify.dispute_files.port import DisputeFiles
from clients.shopify.dispute_files.rest import RestRoute

UPLOADED_FILES = frozenset({"unstable"})
"""Versions whose `disputeEvidenceUpdate` has `uploadedFiles`. A stable one is added here once Shopify has it."""


def dispute_files(admin: AdminApi) -> DisputeFiles:
    if admin.version in UPLOADED_FILES:
        return UploadedFilesRoute(admin)
    return RestRoute(admin)
