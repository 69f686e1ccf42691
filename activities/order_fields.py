"""Shows a case on its order in Shopify: metafields in our namespace, and tags, for customer service."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import conflict, translated
from activities.pauses import Pauses
from clients.shopify.errors import ShopifyUserErrors
from clients.shopify.generated.input_types import MetafieldsSetInput
from clients.shopify.generated.order_gridcase_fields import OrderGridcaseFieldsOrder
from domain.failures import UNAVAILABLE
from domain.order_fields import (
    DOCUMENTS,
    NAMESPACE,
    TAG_PREFIX,
    AddTags,
    LinkDocuments,
    LinkedDocuments,
    RemoveTags,
    Tagged,
    WriteOrderFields,
    WrittenOrderFields,
    json_key,
    merge_entry,
    merge_links,
    text_key,
    text_line,
    wanted_tags,
)
from domain.shopify_ids import gid
from intake.connections import Connections

_STALE = frozenset({"STALE_OBJECT", "INVALID_COMPARE_DIGEST"})
_TEXT_SUFFIX = "_text"


class OrderFieldActivities:
    def __init__(self, connections: Connections, pauses: Pauses) -> None:
        self._connections = connections
        self._pauses = pauses

    @activity.defn(name="order_fields.write_order_fields")
    async def write_order_fields(self, request: WriteOrderFields) -> WrittenOrderFields:
        """Set our two metafields by compare-and-set; what is there already is not written again.

        A writer that was faster (`STALE_OBJECT`) is read again by the retry. The tags that are missing or too many follow
        from all our metafields of the order.
        """
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            order_id = gid("Order", request.order_id)
            order = (await admin.order_gridcase_fields(id=order_id, namespace=NAMESPACE)).order
            if order is None:
                raise conflict(f"The order {request.order_id} is gone from Shopify.")
            fields = {field.key: field for field in order.metafields.nodes}
            json_name, text_name = json_key(request.lifecycle), text_key(request.lifecycle)
            current = fields[json_name].value if json_name in fields else None
            value = merge_entry(current, request.object_id, request.entry)
            changed = value != current
            if changed:
                try:
                    await admin.metafields_set(
                        metafields=[
                            MetafieldsSetInput(
                                owner_id=order_id,
                                namespace=NAMESPACE,
                                key=json_name,
                                type_="json",
                                value=value,
                                compare_digest=_digest(order, json_name),
                            ),
                            MetafieldsSetInput(
                                owner_id=order_id,
                                namespace=NAMESPACE,
                                key=text_name,
                                type_="single_line_text_field",
                                value=text_line(value),
                                compare_digest=_digest(order, text_name),
                            ),
                        ]
                    )
                except ShopifyUserErrors as error:
                    if error.codes & _STALE:
                        raise ApplicationError(str(error), type=UNAVAILABLE) from error
                    raise
        wanted = wanted_tags(_json_values(order) | {json_name: value})
        ours = {tag for tag in order.tags if tag.startswith(TAG_PREFIX)}
        return WrittenOrderFields(
            changed=changed,
            add_tags=tuple(sorted(wanted - ours)),
            remove_tags=tuple(sorted(ours - wanted)),
        )

    @activity.defn(name="order_fields.link_documents")
    async def link_documents(self, request: LinkDocuments) -> LinkedDocuments:
        """Add links to the order's list of documents by compare-and-set; those that are there are not added again."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            order_id = gid("Order", request.order_id)
            order = (await admin.order_gridcase_fields(id=order_id, namespace=NAMESPACE)).order
            if order is None:
                raise conflict(f"The order {request.order_id} is gone from Shopify.")
            current = next(
                (field.value for field in order.metafields.nodes if field.key == DOCUMENTS), None
            )
            value = merge_links(current, request.urls)
            if value == merge_links(current, ()):
                return LinkedDocuments(changed=False)
            try:
                await admin.metafields_set(
                    metafields=[
                        MetafieldsSetInput(
                            owner_id=order_id,
                            namespace=NAMESPACE,
                            key=DOCUMENTS,
                            type_="list.url",
                            value=value,
                            compare_digest=_digest(order, DOCUMENTS),
                        )
                    ]
                )
            except ShopifyUserErrors as error:
                if error.codes & _STALE:
                    raise ApplicationError(str(error), type=UNAVAILABLE) from error
                raise
        return LinkedDocuments(changed=True)

    @activity.defn(name="order_fields.add_tags")
    async def add_tags(self, request: AddTags) -> Tagged:
        """Add tags; adding one that is there changes nothing."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            await admin.tags_add(id=gid("Order", request.order_id), tags=list(request.tags))
        return Tagged(tags=request.tags)

    @activity.defn(name="order_fields.remove_tags")
    async def remove_tags(self, request: RemoveTags) -> Tagged:
        """Remove tags of ours that nothing on the order wants any more; one that is gone already is no error.

        Read again first: another case of the same order may have come to want a tag since it was found to be too much.
        """
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            order_id = gid("Order", request.order_id)
            order = (await admin.order_gridcase_fields(id=order_id, namespace=NAMESPACE)).order
            if order is None:
                raise conflict(f"The order {request.order_id} is gone from Shopify.")
            wanted = wanted_tags(_json_values(order))
            tags = tuple(tag for tag in request.tags if tag in order.tags and tag not in wanted)
            if tags:
                await admin.tags_remove(id=order_id, tags=list(tags))
        return Tagged(tags=tags)


def _json_values(order: OrderGridcaseFieldsOrder) -> dict[str, str]:
    """Our JSON metafields, by lifecycle."""
    return {
        field.key: field.value
        for field in order.metafields.nodes
        if not field.key.endswith(_TEXT_SUFFIX) and field.key != DOCUMENTS
    }


def _digest(order: OrderGridcaseFieldsOrder, key: str) -> str | None:
    """The digest of what was read; None says: it must not exist yet."""
    for field in order.metafields.nodes:
        if field.key == key:
            return field.compare_digest
    return None
