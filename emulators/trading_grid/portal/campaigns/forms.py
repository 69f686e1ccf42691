"""The forms of a campaign's page: what was typed, what is wrong with it, the body it makes."""

from typing import cast

from emulators.trading_grid.portal import words
from emulators.trading_grid.portal.forms import MAX_QUANTITY_DIGITS, Form
from emulators.trading_grid.resources.campaigns.desk import CampaignDesk
from emulators.trading_grid.resources.campaigns.model import (
    Commitment,
    CommitmentStatus,
    Issue,
    Product,
    ReadinessBody,
)

MAX_PIECES = 10**MAX_QUANTITY_DIGITS - 1
LONGEST_NAME = 255


def read_commitments(form: Form, desk: CampaignDesk) -> ReadinessBody | None:
    """The products with a word; the others stay as they are. Fields are numbered by place in the plan."""
    commitments = [
        commitment
        for place, product in enumerate(desk.campaign.products)
        if (commitment := _commitment(form, f"product-{place}-", product)) is not None
    ]
    if not form.errors and not commitments:
        form.errors["products"] = "Say something of at least one product."
    return None if form.errors else ReadinessBody(commitments=commitments)


def _commitment(form: Form, prefix: str, product: Product) -> Commitment | None:
    form.articles[prefix] = product.sku
    status = form.choice(prefix + "status", words.COMMITMENT)
    quantity = form.quantity(prefix + "quantity", MAX_PIECES)
    ready_by = form.day(prefix + "ready_by")
    note = form.text(prefix + "note", longest=500)
    if status is None:
        return None
    expected = product.expected_quantity
    wrong = _wrong_quantity(status, quantity, expected)
    if wrong is not None:
        form.errors.setdefault(prefix + "quantity", wrong)
    if status == "declined":
        quantity, ready_by = 0, None
    return Commitment(
        sku=product.sku,
        quantity=expected if quantity is None else quantity,
        ready_by=ready_by,
        status=cast("CommitmentStatus", status),
        note=note,
    )


def _wrong_quantity(status: str, quantity: int | None, expected: int) -> str | None:
    if status == "partial" and (quantity is None or not 0 < quantity < expected):
        return f"Enter how many of {expected} will be ready: fewer than all, at least 1."
    if status == "committed" and quantity is not None and quantity < expected:
        return f"{expected} are expected. Enter them all, or choose that it is a part."
    return None


def committed_to(products: list[Product]) -> ReadinessBody:
    """All that is expected of each."""
    return ReadinessBody(
        commitments=[
            Commitment(
                sku=product.sku,
                quantity=product.expected_quantity,
                ready_by=product.ready_by.isoformat() if product.ready_by else None,
                status="committed",
            )
            for product in products
        ]
    )


def read_issue(form: Form) -> ReadinessBody | None:
    code = form.choice("code", words.ISSUE, needed="Choose what it is about.")
    severity = form.choice("severity", words.SEVERITY, needed="Choose how bad it is.")
    sku = form.text("sku", longest=LONGEST_NAME)
    text = form.text("text", needed="Say what is wrong.")
    if form.errors or code is None or severity is None or text is None:
        return None
    return ReadinessBody(issues=[Issue(code=code, sku=sku, text=text, severity=severity)])
