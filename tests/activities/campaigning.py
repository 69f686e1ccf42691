"""What the tests of campaigns' activities share: the activities, a case, and requests to them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.campaign_readiness import (
    CampaignDisplayActivities,
    CampaignPlanActivities,
    CampaignSalesActivities,
    CampaignSharingActivities,
)
from activities.pauses import Pauses
from domain.campaign_readiness.messages import (
    PlanRead,
    ReadinessTaken,
    ReadPlan,
    ReadReadiness,
    ShareCampaign,
    SharedCampaign,
    WriteMetaobject,
    WrittenMetaobject,
)
from domain.campaign_readiness.names import campaign_key
from domain.campaign_readiness.plan import GivenPlan, PlannedProduct, Window
from domain.case import CaseKind
from intake.inbox import receive_own
from intake.openings import campaign_body
from persistence.repositories import cases, routes
from persistence.repositories.campaigns import plans, positions
from persistence.tables import CampaignProduct
from tests.activities.conftest import Hands
from tests.world import SHOP, TENANT

CASE = campaign_key(SHOP, "SPRING-27")
NOW = datetime.now(UTC).replace(microsecond=0)
WINDOW = Window(
    title="Spring", starts_at=NOW + timedelta(days=20), ends_at=NOW + timedelta(days=25)
)
DEFAULT_HANDLE = "gridcase-spring-27"


def product(sku: str, pieces: int = 10, **more: Any) -> PlannedProduct:
    return PlannedProduct(sku=sku, expected_quantity=pieces, **more)


def falls_before_noting(broken: pytest.MonkeyPatch) -> None:
    """The partner is told, and the database falls before that is noted."""
    begun: list[int] = []
    telling, settle = plans.telling, plans.settle

    async def begin(*args: Any, **more: Any) -> None:
        begun.append(1)
        await telling(*args, **more)

    async def fall(*args: Any, **more: Any) -> int:
        if begun:
            raise ConnectionError("the database fell")
        return await settle(*args, **more)

    broken.setattr(plans, "telling", begin)
    broken.setattr(plans, "settle", fall)


class Campaigns:
    """The activities of campaigns, and one campaign's case."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.world = hands.world
        self.database = hands.world.database
        pauses = Pauses(self.database)
        parts = (hands.world.connections, self.database, pauses)
        self.plans = CampaignPlanActivities(*parts)
        self.sharing = CampaignSharingActivities(*parts)
        self.display = CampaignDisplayActivities(*parts)
        self.sales = CampaignSalesActivities(*parts)
        self.version = 0

    async def open(self) -> None:
        async with self.database.begin() as session:
            await cases.open_case(
                session,
                key=CASE,
                kind=CaseKind.CAMPAIGN_READINESS.value,
                shop_id=SHOP,
                title="Campaign",
                status="opening",
                now=datetime.now(UTC),
            )

    async def call(self, activity: Any, request: Any) -> Any:
        return await self.hands.call(activity, request, workflow_id=CASE)

    async def refusal(self, activity: Any, request: Any) -> Any:
        return await self.hands.refusal(activity, request, workflow_id=CASE)

    async def route(self, partner: str, prefix: str) -> None:
        """The partner gets the SKUs that begin so."""
        async with self.database.begin() as session:
            await routes.create(
                session,
                shop_id=SHOP,
                lifecycle=CaseKind.CAMPAIGN_READINESS.value,
                match_kind="sku_prefix",
                match_value=prefix,
                tenant_id=TENANT,
                partner_id=partner,
            )

    # Plans.

    async def event(self, plan: GivenPlan) -> int:
        """The plan in the inbox, as the API puts it there."""
        body, delivery_id = campaign_body(
            plan, external_reference="SPRING-27", opened_by="operator:maria", again=False
        )
        received = await receive_own(
            self.database,
            scope=SHOP,
            topic="campaigns/create",
            delivery_id=f"{delivery_id}/{datetime.now(UTC).timestamp()}",
            body=body,
            now=datetime.now(UTC),
        )
        return received.event_id

    async def read(self, **more: Any) -> PlanRead:
        self.version += 1
        request = ReadPlan(shop=SHOP, case_id=CASE, version=self.version, **more)
        found: PlanRead = await self.call(self.plans.read_plan, request)
        return found

    async def given(self, *products: PlannedProduct, **more: Any) -> PlanRead:
        plan = GivenPlan(window=WINDOW, products=products)
        return await self.read(event_id=await self.event(plan), **more)

    async def planned_in_shopify(self, handle: str = "spring", **fields: str) -> str:
        made = await self.world._post(
            self.world.shopify,
            f"/_emulator/shops/{SHOP}/metaobjects",
            {"type": "$app:partner_campaign", "handle": handle, "fields": fields},
        )
        return str(made["metaobject_id"]).rpartition("/")[2]

    async def rows(self) -> dict[tuple[str, str], CampaignProduct]:
        async with self.database.read() as session:
            lines = await plans.lines_of(session, CASE)
            page = await positions.list_page(
                session, CASE, positions.ProductFilter(), limit=max(1, len(lines))
            )
        return {(row.partner_id, row.sku): row for row in page.items}

    # Partners.

    def sharing_of(self, partner: str, **more: Any) -> ShareCampaign:
        return ShareCampaign(
            **{
                "shop": SHOP,
                "case_id": CASE,
                "tenant": TENANT,
                "partner": partner,
                "reference": f"{CASE}/{partner}",
                "idempotency_key": f"key-{self.version}-{partner}",
                "window": WINDOW,
            }
            | more
        )

    async def share(self, partner: str, **more: Any) -> SharedCampaign:
        found: SharedCampaign = await self.call(
            self.sharing.share, self.sharing_of(partner, **more)
        )
        return found

    async def shared(self, partner: str) -> dict[str, Any]:
        """The partner's only campaign in Trading Grid."""
        state = (await self.world.trading_grid.get("/_emulator/state")).json()
        tenant = next(one for one in state["tenants"] if one["id"] == TENANT)
        [found] = [one for one in tenant.get("campaigns", []) if one["partner_id"] == partner]
        return dict(found)

    async def say(self, partner: str, *commitments: dict[str, Any], **more: Any) -> None:
        campaign = await self.shared(partner)
        await self.world._post(
            self.world.trading_grid,
            f"/_emulator/campaigns/{campaign['id']}/readiness",
            {"commitments": list(commitments)} | more,
        )

    async def hear(self, partner: str, known: ReadinessTaken | None = None) -> ReadinessTaken:
        known = known or ReadinessTaken()
        request = ReadReadiness(
            shop=SHOP,
            case_id=CASE,
            tenant=TENANT,
            partner=partner,
            remote_id=(await self.shared(partner))["id"],
            heard_until=known.heard_until,
            heard=known.heard,
        )
        found: ReadinessTaken = await self.call(self.sharing.read_readiness, request)
        return found

    # Shopify.

    async def show(self, **more: Any) -> WrittenMetaobject:
        request = WriteMetaobject(
            **{"shop": SHOP, "case_id": CASE, "status": "Preparing", "text": "0 of 10 pieces"}
            | more
        )
        found: WrittenMetaobject = await self.call(self.display.write_metaobject, request)
        return found

    async def fields(self) -> dict[str, str]:
        """Of the only metaobject."""
        [found] = (await self.world.shopify_state())["shops"][SHOP]["metaobjects"]
        return dict(found["fields"])
