"""What the pages of campaigns show."""

from typing import Any

from emulators.trading_grid.portal.forms import Form
from emulators.trading_grid.portal.pages import Seat, due, rooms
from emulators.trading_grid.resources.campaigns.desk import CampaignDesk
from emulators.trading_grid.resources.campaigns.model import CampaignChange, Product

PRODUCTS_PER_PAGE = 50
SHOWN_OF_A_CHANGE = 20


def campaigns_page(seat: Seat) -> dict[str, Any]:
    """What awaits a word first, the soonest on top; what is answered next; what is over last."""
    now = seat.emulator.clock()
    groups: dict[str, list[dict[str, Any]]] = {"waiting": [], "open": [], "ended": []}
    for desk in sorted(seat.campaign_desks(), key=lambda one: one.campaign.starts):
        group = "ended" if desk.is_over() else "waiting" if desk.awaits_word() else "open"
        campaign = desk.campaign
        groups[group].append(
            {
                "campaign": campaign,
                "company": desk.tenant.name,
                "open": len(desk.open()),
                "issues": len(desk.issues()),
                "start": due(campaign.starts, now),
                "changed": bool(desk.changes()) and not desk.is_over(),
            }
        )
    groups["ended"].reverse()
    return {"seat": seat, "groups": groups, "rooms": rooms(seat)}


def campaign_page(
    seat: Seat,
    desk: CampaignDesk,
    *,
    page: int,
    done: str | None,
    form: Form | None,
    problem: str | None,
) -> dict[str, Any]:
    """``form`` is the one that came back with errors; every other form starts empty."""
    campaign = desk.campaign
    now = seat.emulator.clock()
    standing = desk.standing()
    places = [*enumerate(campaign.products)]
    # What waits comes first; within, the order of the plan.
    places.sort(key=lambda one: one[1].sku in standing)
    last_page = max(1, -(-len(places) // PRODUCTS_PER_PAGE))
    page = min(page, last_page)
    first = (page - 1) * PRODUCTS_PER_PAGE
    return {
        "seat": seat,
        "company": desk.tenant.name,
        "campaign": campaign,
        "start": due(campaign.starts, now),
        "is_over": desk.is_over(),
        "products": places[first : first + PRODUCTS_PER_PAGE],
        "page": page,
        "last_page": last_page,
        "standing": standing,
        "last_words": desk.last_words(),
        "open": len(desk.open()),
        "ready": _ready(desk),
        "changes": [_shown(change) for change in reversed(desk.changes())],
        "issues": desk.issues(),
        "done": done,
        "form": form,
        "problem": problem,
        "form_of": lambda name: form if form is not None and form.name == name else Form(name),
    }


def _ready(desk: CampaignDesk) -> int:
    """Percent of the pieces expected that are promised, at most what is expected of each product; what is
    at risk doesn't count."""
    standing = desk.standing()
    expected = sum(product.expected_quantity for product in desk.campaign.products)
    promised = sum(
        min(product.expected_quantity, said.quantity or 0)
        for product in desk.campaign.products
        if (said := standing.get(product.sku)) is not None
        and said.status in ("committed", "partial")
    )
    return promised * 100 // expected if expected else 0


def _shown(change: CampaignChange) -> dict[str, Any]:
    rows = [
        *(("Added", one, None) for one in change.added),
        *(("Changed", one.after, one.before) for one in change.changed),
        *(("Removed", one, None) for one in change.removed),
    ]
    shown: list[tuple[str, Product, Product | None]] = rows[:SHOWN_OF_A_CHANGE]
    return {"change": change, "rows": shown, "more": len(rows) - len(shown)}
