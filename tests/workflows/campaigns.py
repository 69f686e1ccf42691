"""What the tests of campaigns share: plans, ways to open a campaign, words of the merchant and of the partners."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain import operator
from domain.campaign_readiness import names
from domain.campaign_readiness.decision import Change, Choice, Decide, Go, Stop
from domain.campaign_readiness.plan import GivenPlan, PlannedProduct, Window
from domain.case import CaseSnapshot
from domain.operator import Receipt
from domain.shopify_ids import numeric_id
from intake.openings import campaign_body
from persistence.repositories import policies
from tests.world import SHOP, TENANT, World

SHIRTS, SHOES = "acme-textiles", "north-shoes"
"""Partners, and the vendors whose products are theirs. SKUs begin with the vendor's letters."""
MARIA = "operator:maria"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VENDORS = {"SHIRT": SHIRTS, "SHOE": SHOES, "LAMP": "nobody-we-know"}


async def terms(world: World, partner: str = "*", **values: Any) -> None:
    async with world.database.begin() as session:
        await policies.put(
            session,
            values,
            now=datetime.now(UTC),
            shop_id=SHOP,
            lifecycle="campaign_readiness",
            partner_id=partner,
        )


async def products(world: World, *skus: str) -> None:
    """Products in Shopify, of the vendor that the SKU begins with."""
    for sku in skus:
        vendor = VENDORS[sku.partition("-")[0]]
        path = f"/_emulator/shops/{SHOP}/products"
        await world._post(world.shopify, path, {"sku": sku, "vendor": vendor})


async def furnished(world: World, *skus: str, partners: tuple[str, ...] = (SHIRTS,)) -> None:
    for partner in partners:
        await world.partner(partner)
    await products(world, *skus)


async def window(world: World, *, starts: timedelta, lasts: timedelta = DAY) -> Window:
    start = (await world.now() if world.environment else datetime.now(UTC)) + starts
    start = start.replace(microsecond=0)
    return Window(title="Spring", starts_at=start, ends_at=start + lasts)


def plan(window: Window | None = None, **expected: int) -> GivenPlan:
    """SKUs are written with `_` for `-`."""
    return GivenPlan(
        window=window,
        products=tuple(
            PlannedProduct(sku=sku.replace("_", "-"), expected_quantity=pieces)
            for sku, pieces in expected.items()
        ),
    )


async def given(world: World, plan: GivenPlan, *, reference: str = "", again: bool = False) -> str:
    """A campaign, as the API puts it into the inbox; the case's id.

    On a server that several worlds share, each has a reference of its own: it names the workflow.
    """
    if not reference:
        reference = "SPRING-27" if world.environment else f"SPRING-{id(world)}"
    body, delivery_id = campaign_body(
        plan, external_reference=reference, opened_by=MARIA, again=again
    )
    return await world._asked_for("campaigns/create", body, delivery_id)


async def opened(
    world: World,
    *,
    starts: timedelta = 2 * DAY,
    lasts: timedelta = DAY,
    partners: tuple[str, ...] = (SHIRTS,),
    policy: Mapping[str, Any] | None = None,
    **expected: int,
) -> str:
    """A campaign that is shared with its partners; by default 100 of SHIRT-1, in two days, for one."""
    expected = expected or {"SHIRT_1": 100}
    await furnished(world, *(sku.replace("_", "-") for sku in expected), partners=partners)
    if policy:
        await terms(world, **policy)
    case_id = await given(world, plan(await window(world, starts=starts, lasts=lasts), **expected))
    await world.until_status(case_id, "awaiting_partner", "awaiting_merchant", "awaiting_other")
    return case_id


# What partners say.


async def grid(world: World) -> dict[str, Any]:
    state = (await world.trading_grid.get("/_emulator/state")).json()
    found: dict[str, Any] = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
    return found


async def shares(world: World, partner: str) -> list[dict[str, Any]]:
    """The partner's campaigns in Trading Grid."""
    return [one for one in (await grid(world))["campaigns"] if one["partner_id"] == partner]


async def share(world: World, partner: str = SHIRTS) -> dict[str, Any]:
    """Its only one, once it is there and we know of it."""
    found: dict[str, Any] = await world.eventually(
        lambda: shares(world, partner), lambda found: found[0] if len(found) == 1 else None
    )
    return found


def expected_of(share: dict[str, Any]) -> dict[str, int]:
    return {one["sku"]: one["expected_quantity"] for one in share["products"]}


async def until_expected(world: World, partner: str, **expected: int) -> None:
    """Wait until the partner is asked for exactly this."""
    wanted = {sku.replace("_", "-"): pieces for sku, pieces in expected.items()}
    await world.eventually(
        lambda: shares(world, partner),
        lambda found: len(found) == 1 and expected_of(found[0]) == wanted,
    )


async def say(
    world: World,
    partner: str,
    *commitments: dict[str, Any],
    issues: tuple[dict[str, Any], ...] = (),
    **more: Any,
) -> None:
    """A word of a partner on its share; a commitment is `{"sku", "status", "quantity", ...}`."""
    one = await share(world, partner)
    await world._post(
        world.trading_grid,
        f"/_emulator/campaigns/{one['id']}/readiness",
        {"commitments": list(commitments), "issues": list(issues)} | more,
    )


async def commit(world: World, partner: str = SHIRTS, **pieces: int) -> None:
    """The partner commits to this; SKUs are written with `_` for `-`."""
    commitments = [
        {"sku": sku.replace("_", "-"), "quantity": count, "status": "committed"}
        for sku, count in pieces.items()
    ]
    await say(world, partner, *commitments)


# What the merchant says.


async def go(world: World, case_id: str, **more: Any) -> Receipt:
    return Receipt.model_validate(await world.update(case_id, names.GO, Go(actor=MARIA, **more)))


async def change(world: World, case_id: str, **more: Any) -> Receipt:
    command = Change(actor=MARIA, **more)
    return Receipt.model_validate(await world.update(case_id, names.CHANGE, command))


async def stop(world: World, case_id: str, reason: str = "The supplier is gone.") -> None:
    await world.update(case_id, names.STOP, Stop(actor=MARIA, reason=reason))


async def decide(world: World, case_id: str, choice: str, **more: Any) -> None:
    command = Decide(actor=MARIA, choice=Choice(choice), **more)
    await world.update(case_id, operator.DECIDE, command)


# What happens in Shopify.


async def planned_in_shopify(world: World, handle: str = "spring", **fields: str) -> str:
    """Staff writes a campaign's metaobject; its number. What is left out stays as it is."""
    made = await world._post(
        world.shopify,
        f"/_emulator/shops/{SHOP}/metaobjects",
        {"type": "$app:partner_campaign", "handle": handle, "fields": fields},
    )
    return numeric_id(made["metaobject_id"])


async def plan_file(world: World, content: str, name: str = "plan.csv") -> str:
    """A file in Shopify; its GID."""
    made = await world._post(
        world.shopify,
        f"/_emulator/shops/{SHOP}/files",
        {"filename": name, "content": content},
    )
    found: str = made["file_id"]
    return found


async def collection(world: World, *skus: str, title: str = "Spring") -> str:
    """A collection of these products; its GID."""
    made = await world._post(
        world.shopify, f"/_emulator/shops/{SHOP}/collections", {"title": title, "skus": list(skus)}
    )
    found: str = made["collection_id"]
    return found


async def metaobjects(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.shopify_state())["shops"][SHOP]["metaobjects"]
    return found


async def metaobject(world: World) -> dict[str, str]:
    """The fields of the only campaign metaobject."""
    [found] = await metaobjects(world)
    fields: dict[str, str] = found["fields"]
    return fields


async def until_metaobject(world: World, key: str, part: str) -> dict[str, str]:
    """Wait until a field of the only campaign metaobject has these words."""

    async def look() -> dict[str, str]:
        found = await metaobjects(world)
        return found[0]["fields"] if len(found) == 1 else {}

    found: dict[str, str] = await world.eventually(
        look, lambda fields: fields if part in fields.get(key, "") else None
    )
    return found


async def sold(world: World, at: datetime, sku: str, quantity: int, **more: Any) -> dict[str, Any]:
    """An order in the campaign's window."""
    vendor = VENDORS[sku.partition("-")[0]]
    line = {"sku": sku, "quantity": quantity, "vendor": vendor, "price": "30.00"}
    return await world.order(line, created_at=at.isoformat(), fulfill=False, **more)


# What the case shows.


async def until_readiness(world: World, case_id: str, share: float | None) -> CaseSnapshot:
    seen: CaseSnapshot = await world.eventually(
        lambda: world.current(case_id),
        lambda seen: seen if seen.detail["readiness"] == share else None,
    )
    return seen


async def outcome(world: World, case_id: str) -> str:
    found: str = (await world.result(case_id))["outcome"]
    return found


def worst(seen: CaseSnapshot) -> dict[str, int]:
    lines: Any = seen.detail["worst"]
    return {one["sku"]: one["expected"] - one["ready"] for one in lines}


def totals(seen: CaseSnapshot) -> dict[str, int]:
    found: Any = seen.detail["totals"]
    return {name: count for name, count in found.items() if count}


def data(fields: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fields["readiness_data"])
    return found


def day(at: datetime) -> str:
    return date.isoformat(at.date())
