"""Stock in the portal: published by a clerk, by hand or as CSV."""

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.emulators.trading_grid.pages import HOSTILE, Page, follow, parsed

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid

STOCK = "/portal/acme/inventory"
HEAD = {"location_code": "OSLO-1", "kind": "delta"}
LAMP = {"row-0-sku": "LAMP", "row-0-available": "7"}


def wrong_fields(page: Page) -> list[str]:
    return [key for key, one in page.controls.items() if one.get("aria-invalid")]


async def publish(grid: "Grid", file: bytes | None = None, /, **fields: str) -> httpx.Response:
    """As a browser sends the form; ``file`` is a CSV file."""
    chosen = ("stock.csv", file, "text/csv") if file is not None else ("", b"", "")
    return await grid.http.post(STOCK, data={**HEAD, **fields}, files={"file": chosen})


async def told(grid: "Grid") -> list[Any]:
    """Every advice with its lines."""
    advices = (await grid.get("/inventory-advices"))["_embedded"]["collection"]
    return [await grid.get(f"/inventory-advices/{one['id']}") for one in advices]


async def test_the_page_has_labelled_fields_and_what_was_told(grid: "Grid") -> None:
    page = parsed(await grid.http.get(STOCK))
    assert page.forms == [STOCK]
    body = {"partner_id": "acme", "location_code": "OSLO-1", "generate": {"lines": 1200}}
    await grid.control("POST", "/inventory-advices", body)
    answer = await grid.http.get(STOCK)
    page = parsed(answer)
    assert "1,200 lines" in answer.text
    assert "Everything at this place" in answer.text
    assert page.controls["advice-location_code"]["value"] == "OSLO-1"


async def test_lines_are_published_by_hand_with_a_constraint(grid: "Grid") -> None:
    more = {
        "row-0-on_hand": "9",
        "row-0-projected": "40",
        "row-0-allocation": "5",
        "row-0-gtin": "4012345678901",
        "row-2-sku": "CHAIR",
        "row-2-available": "0",
        "row-2-available_date": "2026-12-02",
        "row-2-constraint": "stop_sell",
        "row-2-until": "2026-12-01",
        "row-2-text": "Recall",
    }
    answer = await publish(grid, as_of="2026-11-23T10:30", **LAMP, **more)
    text = await follow(grid, answer)
    for shown in ("Your stock was published.", "Stop selling", "until 2026-12-01", "Recall"):
        assert shown in text
    (advice,) = await told(grid)
    assert (advice["kind"], advice["location_code"], advice["as_of"]) == (
        "delta",
        "OSLO-1",
        "2026-11-23T10:30:00Z",
    )
    assert advice["lines"] == [
        {
            "sku": "LAMP",
            "gtin": "4012345678901",
            "available": 7,
            "on_hand": 9,
            "projected": 40,
            "allocation": 5,
            "available_date": None,
            "constraint": None,
        },
        {
            "sku": "CHAIR",
            "gtin": None,
            "available": 0,
            "on_hand": None,
            "projected": None,
            "allocation": None,
            "available_date": "2026-12-02",
            "constraint": {"code": "stop_sell", "until": "2026-12-01", "text": "Recall"},
        },
    ]
    assert await grid.event_types() == ["inventory_advice.received"]


async def test_a_constraint_alone_is_enough_for_a_line(grid: "Grid") -> None:
    await follow(grid, await publish(grid, **{"row-0-sku": "A", "row-0-constraint": "limited"}))
    (advice,) = await told(grid)
    assert advice["lines"][0]["constraint"]["code"] == "limited"
    assert advice["lines"][0]["available"] is None


CSV = b"""\xef\xbb\xbfSKU;Available;constraint;until;text
A-1;5;;;
A-2;0;discontinued;2026-12-31;"Two lines
of text"

"""


async def test_a_csv_file_is_published_and_joins_what_was_typed(grid: "Grid") -> None:
    await follow(grid, await publish(grid, CSV, kind="snapshot", **LAMP))
    (advice,) = await told(grid)
    assert advice["kind"] == "snapshot"
    assert [(one["sku"], one["available"]) for one in advice["lines"]] == [
        ("LAMP", 7),
        ("A-1", 5),
        ("A-2", 0),
    ]
    assert advice["lines"][2]["constraint"] == {
        "code": "discontinued",
        "until": "2026-12-31",
        "text": "Two lines\nof text",
    }


async def test_csv_can_be_pasted(grid: "Grid") -> None:
    await follow(grid, await publish(grid, csv="sku,available,allocation\nA,5,3\nB,6,\n"))
    (advice,) = await told(grid)
    assert [(one["sku"], one["available"], one["allocation"]) for one in advice["lines"]] == [
        ("A", 5, 3),
        ("B", 6, None),
    ]


async def test_an_empty_snapshot_can_be_published_but_no_empty_delta(grid: "Grid") -> None:
    answer = await publish(grid)
    page = parsed(answer, 422)
    assert "Tell of at least one article." in answer.text
    assert wrong_fields(page) == []
    assert await told(grid) == []
    await follow(grid, await publish(grid, kind="snapshot"))
    (advice,) = await told(grid)
    assert advice["line_count"] == 0


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"location_code": ""}, "location_code", "Enter your code of the place."),
        ({"kind": ""}, "kind", "Choose what it is."),
        ({"kind": "rumour"}, "kind", "Choose one of the list."),
        ({"as_of": "noon"}, "as_of", "Enter a time like 2027-01-31T14:05."),
        ({"row-0-sku": ""}, "row-0-sku", "Enter the SKU."),
        ({"row-0-sku": "x" * 256}, "row-0-sku", "Shorten this"),
        ({"row-0-available": "-1"}, "row-0-available", "Enter a whole number"),
        ({"row-0-available": ""}, "row-0-available", "Enter how many are available"),
        ({"row-0-allocation": "many"}, "row-0-allocation", "Enter a whole number"),
        ({"row-0-until": "2026-12-01"}, "row-0-constraint", "Choose the constraint"),
        (
            {"row-0-constraint": "limited", "row-0-until": "soon"},
            "row-0-until",
            "Enter a date like 2027-01-31.",
        ),
        ({"csv": "article,pieces\nA,1"}, "csv", "&#39;article&#39; is none of them."),
        ({"csv": "available\n1"}, "csv", "The first row names the columns"),
        ({"csv": "sku,sku\nA,B"}, "csv", "The first row names the columns"),
        ({"csv": "sku,available\nA,1\nB,some"}, "csv", "Row 3, available: Enter a whole number"),
        ({"csv": "sku,available\nA,1,2"}, "csv", "Row 2: It has more cells"),
        ({"csv": "sku,constraint\nA,stop"}, "csv", "Row 2, constraint: Choose one of the list."),
        ({"csv": "sku,available\nA"}, "csv", "Row 2, available: Enter how many"),
    ],
)
async def test_what_is_wrong_is_told_by_its_field_and_nothing_is_published(
    grid: "Grid", change: dict[str, str], field: str, words: str
) -> None:
    answer = await publish(grid, **{**LAMP, **change})
    page = parsed(answer, 422)
    assert wrong_fields(page) == [f"advice-{field}"]
    assert words in answer.text
    assert "LAMP" in answer.text or "row-0-sku" in change
    assert await grid.events() == []


async def test_many_wrong_rows_are_counted(grid: "Grid") -> None:
    answer = await publish(grid, csv="sku,available\n" + "A,x\n" * 9)
    assert "Row 6, available" in answer.text
    assert "And 4 more." in answer.text
    assert "Row 7" not in answer.text


@pytest.mark.parametrize(
    ("file", "status", "words"),
    [
        (b"sku,available\n\xff\xfe,1", 422, "Save the file as UTF-8 first"),
        (b"x" * 5000, 413, "The file is larger than 4 KB."),
        (b"sku\n" + b"A,\n" * 500, 422, "Row 2: It has more cells"),
    ],
)
async def test_a_bad_file_is_told_by_its_field(
    grid: "Grid", file: bytes, status: int, words: str
) -> None:
    answer = await publish(grid, file, **LAMP)
    page = parsed(answer, status)
    assert wrong_fields(page) == ["advice-file"]
    assert words in answer.text
    assert await told(grid) == []


async def test_lines_can_be_added_to_the_form(grid: "Grid") -> None:
    until = {"row-1-until": "2026-12-01"}
    answer = await publish(grid, step="more", rows="3", **LAMP, **until)
    page = parsed(answer)
    # The part with what was typed stays unfolded.
    assert re.findall(r'<details class="inner"( open)?>', answer.text) == ["", " open", *[""] * 6]
    assert len([key for key in page.controls if key.endswith("-sku")]) == 8
    assert page.controls["advice-row-0-sku"]["value"] == "LAMP"
    assert await told(grid) == []
    last = {"row-7-sku": "CHAIR", "row-7-available": "1", "rows": "8"}
    await follow(grid, await publish(grid, **LAMP, **last))
    assert [one["sku"] for one in (await told(grid))[0]["lines"]] == ["LAMP", "CHAIR"]


@pytest.mark.parametrize(("rows", "shown"), [("0", 1), ("999", 100), ("-4", 3), ("many", 3)])
async def test_an_odd_number_of_lines_is_put_right(grid: "Grid", rows: str, shown: int) -> None:
    page = parsed(await publish(grid, rows=rows, kind=""), 422)
    assert len([key for key in page.controls if key.endswith("-sku")]) == shown


async def test_a_long_advice_is_read_page_by_page(grid: "Grid") -> None:
    body = {"partner_id": "acme", "location_code": "OSLO-1", "generate": {"lines": 250}}
    made = await grid.control("POST", "/inventory-advices", body)
    for page, first, last, ways in ((1, 1, 100, 1), (2, 101, 200, 2), (3, 201, 250, 1)):
        answer = await grid.http.get(f"{STOCK}/{made['id']}?page={page}")
        parsed(answer)
        skus = re.findall(r"SKU-\d{6}", answer.text)
        assert (skus[0], skus[-1]) == (f"SKU-{first:06d}", f"SKU-{last:06d}")
        assert f"Page {page} of 3" in answer.text
        assert answer.text.count("?page=") == ways
    parsed(await grid.http.get(f"{STOCK}/{made['id']}?page=0"), 400)
    assert "no lines on this page" in (await grid.http.get(f"{STOCK}/{made['id']}?page=9")).text


async def test_only_the_newest_advices_are_shown(grid: "Grid") -> None:
    for number in range(52):
        body = {"partner_id": "acme", "location_code": f"PLACE-{number:02d}", "lines": []}
        await grid.control("POST", "/inventory-advices", body)
    text = (await grid.http.get(STOCK)).text
    shown = re.findall(r"<h3><a [^>]*>(.*?)</a>", text)
    assert shown == [f"PLACE-{number:02d}" for number in range(51, 1, -1)]
    assert "Only the newest 50 are shown." in text


async def test_a_partner_of_two_companies_chooses_one(grid: "Grid") -> None:
    await grid.control("POST", "/tenants", {"id": "other", "name": "Other", "clients": {"c": "s"}})
    await grid.control("POST", "/partners", {"id": "acme", "name": "Acme", "tenant": "other"}, 201)
    assert "advice-company" in parsed(await grid.http.get(STOCK)).controls
    await follow(grid, await publish(grid, company="other", **LAMP))
    assert await told(grid) == []
    assert len(await told(await grid.login("other", "c", "s"))) == 1
    parsed(await publish(grid, company="third", **LAMP), 400)


async def test_a_partner_sees_only_its_own_stock(grid: "Grid") -> None:
    await grid.control("POST", "/partners", {"id": "rival", "name": "Rival"}, 201)
    body = {"partner_id": "acme", "location_code": "SECRET", "lines": []}
    made = await grid.control("POST", "/inventory-advices", body)
    parsed(await grid.http.get(f"/portal/rival/inventory/{made['id']}"), 404)
    assert "SECRET" not in (await grid.http.get("/portal/rival/inventory")).text


async def test_hostile_text_is_shown_as_text(grid: "Grid") -> None:
    constraint = {"code": HOSTILE, "until": HOSTILE, "text": HOSTILE}
    line = {"sku": HOSTILE, "gtin": HOSTILE, "available_date": HOSTILE, "constraint": constraint}
    body = {"partner_id": "acme", "location_code": HOSTILE, "lines": [line]}
    made = await grid.control("POST", "/inventory-advices", body)
    for path in (STOCK, f"{STOCK}/{made['id']}"):
        answer = await grid.http.get(path)
        parsed(answer)
        assert "&lt;script&gt;" in answer.text
    typed = await publish(grid, **{**LAMP, "row-0-sku": HOSTILE, "csv": f"{HOSTILE}\nx"})
    parsed(typed, 422)
    assert "<script" not in typed.text
