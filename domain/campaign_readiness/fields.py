"""The campaign's metaobject in Shopify: the fields that staff plan in, and the fields that are ours."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.message import Message

TYPE = "$app:partner_campaign"
NAME = "Partner campaign"

# What staff writes. Lists hold 128 items, so thousands of SKUs come by collection or by file.
TITLE = "title"
STARTS_AT = "starts_at"
ENDS_AT = "ends_at"
COLLECTIONS = "collections"
PLAN_FILE = "plan"
EXPECTED_QUANTITY = "expected_quantity"
READY_BY = "ready_by"
PARTNERS = "partners"

# What we write; whatever else stands there is replaced.
STATUS = "status"
READINESS = "readiness"
READINESS_DATA = "readiness_data"
READINESS_TEXT = "readiness_text"


class MetaobjectField(Message):
    """One field of the definition, as staff sees it."""

    key: str
    type: str
    name: str
    description: str


PLAN_FIELDS: Mapping[str, MetaobjectField] = MappingProxyType(
    {
        field.key: field
        for field in (
            MetaobjectField(
                key=TITLE,
                type="single_line_text_field",
                name="Title",
                description="What partners read as the campaign's name.",
            ),
            MetaobjectField(
                key=STARTS_AT, type="date_time", name="Starts", description="When it begins."
            ),
            MetaobjectField(
                key=ENDS_AT, type="date_time", name="Ends", description="When it is over."
            ),
            MetaobjectField(
                key=COLLECTIONS,
                type="list.collection_reference",
                name="Collections",
                description="Every variant in them is part of the campaign, with the expected quantity below.",
            ),
            MetaobjectField(
                key=PLAN_FILE,
                type="file_reference",
                name="Plan (CSV)",
                description="Columns sku, expected_quantity and, if wanted, ready_by. Its quantities go before those of"
                " collections.",
            ),
            MetaobjectField(
                key=EXPECTED_QUANTITY,
                type="number_integer",
                name="Expected quantity",
                description="Pieces of each variant of the collections.",
            ),
            MetaobjectField(
                key=READY_BY,
                type="date",
                name="Ready by",
                description="The last day on which the pieces must be ready, where the plan names no other.",
            ),
            MetaobjectField(
                key=PARTNERS,
                type="json",
                name="Partners",
                description="A list of partners' handles; where it is filled, nobody else is asked.",
            ),
        )
    }
)
RESULT_FIELDS: Mapping[str, MetaobjectField] = MappingProxyType(
    {
        field.key: field
        for field in (
            MetaobjectField(
                key=STATUS,
                type="single_line_text_field",
                name="Status",
                description="Where the campaign stands. Written by Gridcase.",
            ),
            MetaobjectField(
                key=READINESS,
                type="number_decimal",
                name="Readiness",
                description="Committed against expected pieces, from 0 to 1. Written by Gridcase.",
            ),
            MetaobjectField(
                key=READINESS_TEXT,
                type="single_line_text_field",
                name="Readiness in words",
                description="Written by Gridcase.",
            ),
            MetaobjectField(
                key=READINESS_DATA,
                type="json",
                name="Readiness (data)",
                description="Totals, and the 50 products of which most is missing. Written by Gridcase.",
            ),
        )
    }
)
FIELDS = (*PLAN_FIELDS.values(), *RESULT_FIELDS.values())
