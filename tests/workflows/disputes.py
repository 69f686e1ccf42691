"""What the tests of disputes share: disputed orders, partners who prove what they delivered, and words of the merchant."""

import base64
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from domain import operator
from domain.dispute.decision import AddEvidence, Choice, Decide, Submit
from domain.dispute.names import ADD_EVIDENCE, SUBMIT, dispute_key
from domain.operator import Cancel, Receipt, Retry
from domain.shopify_ids import numeric_id
from intake.openings import dispute_body
from tests.workflows.exceptions import letters, partners_of
from tests.world import SHOP, World

SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": "acme-textiles", "price": "30.00"}
SHOE = {"sku": "SHOE-1", "quantity": 1, "vendor": "north-shoes", "price": "80.00"}
LAMP = {"sku": "LAMP-1", "quantity": 1, "vendor": "nobody-we-know", "price": "15.00"}
TEXTILES, SHOES = "acme-textiles", "north-shoes"
MARIA = "operator:maria"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAPERS = ("proof_of_delivery", "bill_of_lading", "packing_list")
"""What a partner is asked for when goods did not arrive."""
STATED = "Two shirts were handed over on 3 March at 10:12, signed for at the door."


def pdf(words: str = "Proof of delivery", *, encrypted: bool = False) -> bytes:
    """A PDF of one page; other words, other bytes."""
    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    drawn = DecodedStreamObject()
    drawn.set_data(f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(drawn)
    if encrypted:
        writer.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


async def terms(world: World, partner: str = "*", **values: Any) -> None:
    await world.policy(partner, lifecycle="dispute", **values)


async def disputed(
    world: World,
    *lines: dict[str, Any],
    reason: str = "PRODUCT_NOT_RECEIVED",
    kind: str = "CHARGEBACK",
    due: timedelta | None = 7 * DAY,
    order: dict[str, Any] | None = None,
    **more: Any,
) -> tuple[str, dict[str, Any]]:
    """A dispute about a shipped order of these lines, due so long from now as workflows see it; its case's id, its order."""
    order = order or await world.order(*lines)
    body = {
        "order_id": numeric_id(order["order_id"]),
        "type": kind,
        "reason": reason,
        "evidence_due_in_s": None if due is None else await seconds_until(world, due),
    } | more
    made = await world._post(world.shopify, f"/_emulator/shops/{SHOP}/disputes", body)
    return dispute_key(SHOP, made["dispute_id"]), order


async def seconds_until(world: World, span: timedelta) -> float:
    """From the emulators' clock, which is the real one, to so long from now as workflows see it."""
    now = await world.now() if world.environment else datetime.now(UTC)
    return (now + span - datetime.now(UTC)).total_seconds()


async def asked(
    world: World, *lines: dict[str, Any], dispute: dict[str, Any] | None = None, **values: Any
) -> tuple[str, dict[str, Any]]:
    """A dispute whose partners (the lines' vendors) were asked for evidence, on these terms; with its order."""
    lines = lines or (SHIRT,)
    await partners_of(world, *lines)
    await terms(world, **values)
    case_id, order = await disputed(world, *lines, **(dispute or {}))
    await world.until_status(case_id, "awaiting_partner", "awaiting_merchant")
    return case_id, order


# What partners do.


async def sends(
    world: World,
    partner: str,
    document_type: str = "proof_of_delivery",
    *,
    name: str = "",
    content: bytes = b"",
) -> None:
    """The partner puts a paper into its case."""
    case = (await newest_cases(world, partner))[-1]
    body = {
        "document_type": document_type,
        "file_name": name or f"{document_type}.pdf",
        "content_base64": base64.b64encode(content or pdf(document_type)).decode(),
    }
    await world._post(world.trading_grid, f"/_emulator/cases/{case['id']}/documents", body)


async def answers(world: World, partner: str, kind: str, note: str = "") -> None:
    case = (await newest_cases(world, partner))[-1]
    body = {"kind": kind, "note": note}
    await world._post(world.trading_grid, f"/_emulator/cases/{case['id']}/answer", body)


async def proves(world: World, partner: str = TEXTILES, note: str = STATED) -> None:
    """Everything a partner can be asked for when goods did not arrive, and its statement."""
    for kind in PAPERS:
        await sends(world, partner, kind)
    await answers(world, partner, "accept", note)


async def newest_cases(world: World, partner: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await world.eventually(
        lambda: world.partner_cases(partner), lambda cases: cases or None
    )
    return found


async def until_written(world: World, partner: str, part: str) -> None:
    await world.eventually(
        lambda: letters(world, partner), lambda found: any(part in text for text in found)
    )


# What the merchant says.


async def submit(world: World, case_id: str, **more: Any) -> Receipt:
    command = Submit(actor=MARIA, **more)
    return Receipt.model_validate(await world.update(case_id, SUBMIT, command))


async def add_evidence(world: World, case_id: str, text: str = "", *documents: str) -> Receipt:
    command = AddEvidence(actor=MARIA, text=text, document_ids=documents)
    return Receipt.model_validate(await world.update(case_id, ADD_EVIDENCE, command))


async def decide(world: World, case_id: str, choice: str, **more: Any) -> Receipt:
    command = Decide(actor=MARIA, choice=Choice(choice), **more)
    return Receipt.model_validate(await world.update(case_id, operator.DECIDE, command))


async def cancel(world: World, case_id: str) -> None:
    await world.update(case_id, operator.CANCEL, Cancel(actor=MARIA, reason="opened by mistake"))


async def retry(world: World, case_id: str) -> None:
    await world.update(case_id, operator.RETRY, Retry(actor=MARIA))


async def open_by_hand(world: World, dispute_id: str, *, again: bool = False) -> str:
    body, delivery = dispute_body(dispute_id=dispute_id, opened_by=MARIA, again=again)
    return await world._asked_for("disputes/create", body, delivery)


# What happens in Shopify.


def dispute_of(case_id: str) -> str:
    return case_id.rpartition(":")[2].partition("~")[0]


async def in_shopify(world: World, case_id: str, action: str, **body: Any) -> dict[str, Any]:
    """The bank or staff act on the dispute: `decide`, `escalate`, `evidence`."""
    path = f"/_emulator/shops/{SHOP}/disputes/{dispute_of(case_id)}/{action}"
    return await world._post(world.shopify, path, body)


async def decided(world: World, case_id: str, status: str) -> None:
    await in_shopify(world, case_id, "decide", status=status)


async def escalated(world: World, case_id: str, due: timedelta | None = 7 * DAY) -> None:
    """The inquiry becomes a chargeback."""
    seconds = None if due is None else await seconds_until(world, due)
    await in_shopify(world, case_id, "escalate", evidence_due_in_s=seconds)


async def dispute(world: World, case_id: str) -> dict[str, Any]:
    """The dispute as the emulator has it, its evidence in it."""
    found = (await world.shopify_state())["shops"][SHOP]["disputes"]
    wanted = dispute_of(case_id)
    return next(one for one in found if numeric_id(one["dispute_id"]) == wanted)


async def draft(world: World, case_id: str) -> str:
    """The text of the evidence."""
    found: str = (await dispute(world, case_id))["texts"].get("uncategorizedText", "")
    return found


async def until_drafted(world: World, case_id: str, *parts: str) -> str:
    """Wait until the draft's text has all of these words; the text."""
    found: str = await world.eventually(
        lambda: draft(world, case_id),
        lambda text: text if all(part in text for part in parts) else None,
    )
    return found


async def until_attached(world: World, case_id: str, *fields: str) -> dict[str, str]:
    """Wait until exactly these fields of the evidence show a file."""
    found: dict[str, str] = await world.eventually(
        lambda: _files(world, case_id), lambda files: files if set(files) == set(fields) else None
    )
    return found


async def _files(world: World, case_id: str) -> dict[str, str]:
    found: dict[str, str] = (await dispute(world, case_id))["files"]
    return found


async def submissions(world: World, case_id: str) -> dict[str, int]:
    """How often each type of the dispute was answered."""
    found: dict[str, int] = (await dispute(world, case_id))["submissions"]
    return found


async def until_submitted(world: World, case_id: str, kind: str = "CHARGEBACK") -> None:
    await world.eventually(lambda: submissions(world, case_id), lambda found: found.get(kind) == 1)


async def shown(world: World, order: dict[str, Any], case_id: str) -> dict[str, Any]:
    """What the order shows of its dispute: our JSON metafield's entry."""
    fields = (await world.order_in_shopify(order))["metafields"]
    value = next((one["value"] for one in fields if one["key"] == "dispute"), "{}")
    entry: dict[str, Any] = json.loads(value).get(dispute_of(case_id), {})
    return entry


async def outcome(world: World, case_id: str) -> str:
    found: str = (await world.result(case_id))["outcome"]
    return found
