"""``/inventory-advices``: read only, since they are the partner's. Lines come in pages."""

from emulators.trading_grid.query import list_page
from emulators.trading_grid.resources.inventory_advices.lines import LINE_FIELDS, render_lines
from emulators.trading_grid.resources.inventory_advices.model import (
    ADVICE_FIELDS,
    InventoryAdvice,
    render_advice,
)
from emulators.trading_grid.wire import Answer, Call, Endpoint, etag

MAX_LINES_PER_PAGE = 1000


async def list_advices(call: Call) -> Answer:
    return call.list(call.table(InventoryAdvice), ADVICE_FIELDS, render_advice)


async def get_advice(call: Call) -> Answer:
    """The list's parameters are about the lines; ``next`` leads to more of them."""
    advice = call.table(InventoryAdvice).get(call.param("advice_id"))
    given = call.request.query_params
    href = call.links(advice.path())
    page = list_page(advice.lines, given, LINE_FIELDS, href, MAX_LINES_PER_PAGE)
    body = render_advice(advice, call.links)
    body["lines"] = render_lines(page.rows)
    for name in page.links.keys() - {"self"}:
        body["_links"][name] = {"href": page.links[name]}
    if page.total is not None:
        body["total"] = page.total
    return Answer(200, body, {"ETag": etag(advice)})


ENDPOINTS = [
    Endpoint("/inventory-advices", {"GET": list_advices}),
    Endpoint("/inventory-advices/{advice_id}", {"GET": get_advice}),
]
