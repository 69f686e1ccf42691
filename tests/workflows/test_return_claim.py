"""One test an ending, as a sentence; on the time-skipping server."""

from tests.world import World

SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": "acme-textiles", "price": "30.00"}


async def opened(world: World, *lines: dict[str, object]) -> str:
    """A requested return of these lines, with its case open; the case's id."""
    order = await world.order(*lines)
    return_id = await world.request_return(
        order,
        *(
            {"sku": line["sku"], "quantity": line["quantity"], "reason": "DEFECTIVE"}
            for line in lines
        ),
    )
    return world.case_id(return_id)


async def test_an_accepted_return_is_approved_processed_refunded_and_closed(world: World) -> None:
    await world.partner("acme-textiles")
    await world.policy(refund="automatic")
    case_id = await opened(world, SHIRT)
    await world.answer("acme-textiles", "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all("acme-textiles")
    result = await world.result(case_id)
    assert result == {
        "outcome": "closed_refunded",
        "refunded": {"amount": "60.0", "currency": "EUR"},
    }
