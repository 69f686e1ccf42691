"""Papers in the draft: each where it belongs, sent once, and what can't go is named while the rest goes."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from clients.documents.merging import Binder, Limits
from domain.dispute.messages import EvidencePaper
from domain.dispute.papers import EvidenceField
from domain.failures import UNAVAILABLE
from persistence.repositories import documents, shops
from tests.activities.conftest import Hands
from tests.activities.disputing import (
    OTHER,
    SERVICE,
    SHIPPING,
    Disputed,
    disputed,
    pdf,
    photo,
)
from tests.world import SHOP

MB = 1_000_000


def uploads(made: Disputed) -> list[httpx.Request]:
    """Requests that bring or take files by REST, from now on."""
    seen: list[httpx.Request] = []

    async def keep(request: httpx.Request) -> None:
        if "dispute_file_uploads" in request.url.path:
            seen.append(request)

    made.world.shopify.event_hooks["request"].append(keep)
    return seen


async def test_a_paper_stands_in_its_field_and_is_sent_once(hands: Hands) -> None:
    made = await disputed(hands)
    seen = uploads(made)
    paper = await made.paper(pdf())
    assert not (await made.step((paper, SHIPPING))).done
    assert await made.attached((paper, SHIPPING)) == {paper: SHIPPING}
    assert await made.attached((paper, SHIPPING)) == {paper: SHIPPING}
    assert [request.method for request in seen] == ["POST"]
    there = await made.there()
    assert list(there["files"]) == [SHIPPING]
    assert there["files"][SHIPPING].startswith("gridcase-")


async def test_papers_of_one_field_become_one_file_and_the_one_before_is_taken_away(
    hands: Hands,
) -> None:
    made = await disputed(hands)
    proof = (await made.paper(pdf("proof")), SHIPPING)
    packed = (await made.paper(pdf("list")), SHIPPING)
    shot = (await made.paper(photo()), SERVICE)
    await made.align(proof)
    first = (await made.there())["files"][SHIPPING]
    assert await made.attached(proof, packed, shot) == {
        proof[0]: SHIPPING,
        packed[0]: SHIPPING,
        shot[0]: SERVICE,
    }
    there = await made.there()
    assert set(there["files"]) == {SHIPPING, SERVICE}
    assert first not in there["uploads"]
    assert sorted(there["uploads"]) == sorted(there["files"].values())
    assert there["files"][SERVICE].endswith(".png")  # alone: as it is


async def test_a_paper_that_is_not_wanted_any_more_is_taken_out(hands: Hands) -> None:
    made = await disputed(hands)
    paper = (await made.paper(pdf()), SHIPPING)
    await made.align(paper)
    assert await made.attached() == {}
    there = await made.there()
    assert (there["files"], there["uploads"]) == ({}, [])


async def test_staffs_files_are_left_alone(hands: Hands) -> None:
    made = await disputed(hands)
    proof = (await made.paper(pdf("proof")), SHIPPING)
    await made.staff_file(SHIPPING, pdf("theirs"))
    assert await made.attached(proof) == {proof[0]: OTHER}
    shown = (await made.there())["files"]
    assert shown[SHIPPING] == "ours.pdf"
    await made.staff_file(OTHER, pdf("theirs too"), "more.pdf")
    assert await made.attached(proof) == {proof[0]: "staff have put another file there"}
    there = await made.there()
    assert there["files"] == {SHIPPING: "ours.pdf", OTHER: "more.pdf"}
    # What staff replaced of ours is not left lying about.
    assert sorted(there["uploads"]) == ["more.pdf", "ours.pdf"]


async def test_the_same_bytes_are_one_paper(hands: Hands) -> None:
    made = await disputed(hands)
    one, two = await made.paper(pdf("same")), await made.paper(pdf("same"))
    assert await made.attached((one, SHIPPING), (two, OTHER)) == {one: SHIPPING, two: SHIPPING}
    assert len((await made.there())["uploads"]) == 1


async def test_what_cannot_be_read_is_named_and_the_others_go(hands: Hands) -> None:
    made = await disputed(hands)
    good = await made.paper(pdf("good"))
    locked = await made.paper(pdf("locked", encrypted=True))
    broken = await made.paper(photo()[:-60])
    table = await made.paper(b"sku,quantity\nSHIRT-1,2\n")
    papers = [(one, SHIPPING) for one in (locked, good, broken, table, "nothing")]
    assert await made.attached(*papers) == {
        good: SHIPPING,
        locked: "it is encrypted",
        broken: "it is damaged: it can't be read",
        table: "it is no PDF, JPEG or PNG",
        "nothing": "there is no such document here",
    }


async def test_a_paper_of_another_shop_is_unknown(hands: Hands) -> None:
    made = await disputed(hands)
    paper = await made.paper(pdf())
    wanted = [EvidencePaper(document_id=paper, field=SHIPPING)]
    assert await made.activities._placed("elsewhere", wanted) == ([], [paper])


async def test_what_is_too_large_is_named_and_the_others_go(hands: Hands) -> None:
    made = await disputed(hands)
    huge = await made.paper(photo(1, 850))  # 2.2 MB
    large = await made.paper(photo(2, 700))  # 1.5 MB
    second = await made.paper(photo(3, 600))  # 1.1 MB
    small = await made.paper(pdf("small"))
    papers = [(one, SHIPPING) for one in (huge, large, second, small)]
    assert await made.attached(*papers) == {
        large: SHIPPING,
        small: SHIPPING,
        huge: "it is larger than 2 MB",
        second: "there is no room left beside the others (2 MB a file, 4 MB together)",
    }
    # Again, from what is remembered: the same.
    assert (await made.attached(*papers))[second].startswith("there is no room left")


async def test_all_files_together_have_a_limit_staffs_included(hands: Hands) -> None:
    made = await disputed(hands)
    await made.staff_file(EvidenceField.REFUND_POLICY, b"%PDF" + b"x" * (2 * MB - 10))
    shipping = await made.paper(photo(2, 700))  # 1.5 MB
    service = await made.paper(photo(3, 600))  # 1.1 MB
    small = await made.paper(pdf("small"))
    found = await made.attached((shipping, SHIPPING), (service, SERVICE), (small, SERVICE))
    assert found == {
        shipping: SHIPPING,
        small: SERVICE,
        service: "there is no room left beside the others (2 MB a file, 4 MB together)",
    }


async def test_a_closed_route_is_told_of_each_paper_and_nothing_is_lost(hands: Hands) -> None:
    made = await disputed(hands)
    one = (await made.paper(pdf("one")), SHIPPING)
    await made.align(one)
    two = (await made.paper(photo()), SERVICE)

    async def forbid(response: httpx.Response) -> None:
        if "dispute_file_uploads" in response.request.url.path:
            response.status_code = 403

    made.world.shopify.event_hooks["response"].append(forbid)
    assert await made.attached(one, two) == {
        one[0]: SHIPPING,
        two[0]: "Shopify takes no files of disputes from this app",
    }


async def test_a_file_that_is_refused_is_told_and_the_others_go(hands: Hands) -> None:
    made = await disputed(hands)
    one = (await made.paper(pdf("one")), SHIPPING)
    two = (await made.paper(photo()), SERVICE)

    async def no_pictures(request: httpx.Request) -> None:
        if b'"image/png"' in request.content:
            changed = request.content.replace(b'"image/png"', b'"image/bmp"')
            request.stream = httpx.ByteStream(changed)

    made.world.shopify.event_hooks["request"].append(no_pictures)
    assert await made.attached(two, one) == {
        one[0]: SHIPPING,
        two[0]: "Shopify does not take its file",
    }


async def test_an_old_file_stays_where_the_new_one_is_refused(hands: Hands) -> None:
    made = await disputed(hands)
    one = (await made.paper(pdf("one")), SHIPPING)
    two = (await made.paper(pdf("two")), SHIPPING)
    await made.align(one)
    before = (await made.there())["files"]

    async def forbid(response: httpx.Response) -> None:
        if "dispute_file_uploads" in response.request.url.path:
            response.status_code = 404

    made.world.shopify.event_hooks["response"].append(forbid)
    made.world.shopify.event_hooks["request"].append(_refuse_before_it_arrives)
    await made.attached(one, two)
    assert (await made.there())["files"] == before


async def _refuse_before_it_arrives(request: httpx.Request) -> None:
    if "dispute_file_uploads" in request.url.path:
        request.headers["x-shopify-access-token"] = "nobody's"


async def test_an_upload_whose_answer_was_lost_is_found_by_its_name(hands: Hands) -> None:
    made = await disputed(hands)
    paper = (await made.paper(pdf()), SHIPPING)
    lost: list[bool] = []

    async def lose(response: httpx.Response) -> None:
        if "dispute_file_uploads" in response.request.url.path and not lost:
            lost.append(True)
            raise httpx.ReadError("lost", request=response.request)

    made.world.shopify.event_hooks["response"].append(lose)
    with pytest.raises(Exception, match="no answer") as failed:
        await made.step(paper)
    assert getattr(failed.value, "type", "") == UNAVAILABLE
    assert await made.attached(paper) == {paper[0]: SHIPPING}
    assert len((await made.there())["uploads"]) == 1


async def test_a_file_sent_and_not_shown_is_shown_by_the_next_try(hands: Hands) -> None:
    made = await disputed(hands)
    paper = (await made.paper(pdf()), SHIPPING)
    made.world.lose_answer_to = "disputeEvidenceUpdate"
    with pytest.raises(Exception, match="no answer"):
        await made.step(paper)
    assert await made.attached(paper) == {paper[0]: SHIPPING}
    assert len((await made.there())["uploads"]) == 1


async def test_staff_who_submit_while_a_file_is_on_its_way_close_the_draft(hands: Hands) -> None:
    made = await disputed(hands)
    paper = (await made.paper(pdf()), SHIPPING)
    submitted: list[bool] = []

    async def staff_submit(request: httpx.Request) -> None:
        if "dispute_file_uploads" in request.url.path and not submitted:
            submitted.append(True)
            await made.act("evidence", append="theirs", submit=True)

    made.world.shopify.event_hooks["request"].append(staff_submit)
    assert (await made.align(paper)).closed == "the evidence was submitted"


async def test_a_file_that_cannot_be_taken_away_stays_and_holds_nothing_up(hands: Hands) -> None:
    made = await disputed(hands)
    one = (await made.paper(pdf("one")), SHIPPING)
    two = (await made.paper(pdf("two")), SHIPPING)
    await made.align(one)

    async def forbid(response: httpx.Response) -> None:
        if response.request.method == "DELETE":
            response.status_code = 403

    async def keep(request: httpx.Request) -> None:
        if request.method == "DELETE":
            request.url = request.url.copy_with(path="/acme/admin/api/2026-10/nothing.json")

    made.world.shopify.event_hooks["response"].append(forbid)
    made.world.shopify.event_hooks["request"].append(keep)
    assert await made.attached(one, two) == {one[0]: SHIPPING, two[0]: SHIPPING}


async def test_a_paper_that_is_gone_from_our_store_is_named(hands: Hands) -> None:
    made = await disputed(hands)
    good = (await made.paper(pdf("good")), SHIPPING)
    gone = (await made.paper(pdf("gone")), SHIPPING)
    (await _stored(hands, gone[0])).unlink()
    assert await made.attached(good, gone) == {
        good[0]: SHIPPING,
        gone[0]: "it is gone from our store",
    }
    spoilt = (await made.paper(pdf("spoilt")), SHIPPING)
    (await _stored(hands, spoilt[0])).write_bytes(b"%PDF other bytes")
    assert (await made.attached(good, spoilt))[spoilt[0]] == "it was damaged in our store"


async def _stored(hands: Hands, document_id: str) -> Path:
    """Where a document's bytes lie."""
    async with hands.world.database.read() as session:
        sha256 = (await documents.get(session, document_id)).sha256
    return Path(hands.world.settings.document_store_url) / sha256[:2] / sha256


async def test_a_reader_that_dies_by_itself_is_tried_again(hands: Hands) -> None:
    made = await disputed(hands)
    made.activities._filing._binder = Binder(Limits(seconds=0.001))
    paper = (await made.paper(pdf()), SHIPPING)
    with pytest.raises(Exception, match="did not start") as failed:
        await made.step(paper)
    assert getattr(failed.value, "type", "") == UNAVAILABLE
    assert not getattr(failed.value, "non_retryable", True)


async def test_the_other_route_brings_the_same(hands: Hands) -> None:
    made = await disputed(hands)
    async with hands.world.database.begin() as session:
        shop = await shops.get(session, SHOP)
        shop.api_version = "unstable"
    one = (await made.paper(pdf("one")), SHIPPING)
    two = (await made.paper(pdf("two")), SHIPPING)
    seen: list[Any] = uploads(made)
    await made.align(one)
    assert await made.attached(one, two) == {one[0]: SHIPPING, two[0]: SHIPPING}
    there = await made.there()
    assert list(there["files"]) == [SHIPPING]
    assert len(there["uploads"]) == 1
    assert seen == []
