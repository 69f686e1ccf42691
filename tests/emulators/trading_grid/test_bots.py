import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, Until


async def behave(grid: "Grid", behaviour: str, **settings: Any) -> None:
    body = {"id": "acme", "behaviour": behaviour, **settings}
    await grid.control("POST", "/partners", body, 200)


async def answered(grid: "Grid", until: "Until", case_id: str) -> Any:
    async def has_answer() -> bool:
        return (await grid.get(f"/cases/{case_id}"))["answer"] is not None

    await until(has_answer)
    return await grid.get(f"/cases/{case_id}")


async def in_status(grid: "Grid", until: "Until", key: str, status: str) -> Any:
    async def has_status() -> bool:
        return bool((await grid.get(f"/return-authorizations/{key}"))["status"] == status)

    await until(has_status)
    return await grid.get(f"/return-authorizations/{key}")


@pytest.mark.parametrize("behaviour", ["prompt", "slow"])
async def test_it_accepts_and_authorises_and_reports_the_goods(
    grid: "Grid", until: "Until", behaviour: str
) -> None:
    await behave(grid, behaviour, answer_delay_s=0.01, goods_delay_s=0.01)
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    answer = (await answered(grid, until, case["id"]))["answer"]
    assert answer["kind"] == "accept"
    assert [(one["line_id"], one["quantity"]) for one in answer["lines"]] == [("11", 2), ("12", 4)]
    given = await in_status(grid, until, asked["id"], "authorized")
    assert given["rma_number"] == f"RMA-{asked['id'][:8].upper()}"
    assert given["return_to"].startswith("Acme Supplies")
    assert given["expires"] == "2026-12-23T12:00:00Z"

    async def goods_in() -> bool:
        lines = (await grid.get(f"/return-authorizations/{asked['id']}"))["lines"]
        return [line["received_quantity"] for line in lines] == [2, 4]

    await until(goods_in)


async def test_a_prompt_partner_answers_within_a_second_by_itself(
    grid: "Grid", until: "Until"
) -> None:
    await behave(grid, "prompt")
    case = await grid.case()
    assert (await answered(grid, until, case["id"]))["status"] == "pending_company"


async def test_goods_can_be_left_to_the_control_call(grid: "Grid", until: "Until") -> None:
    await behave(grid, "prompt", answer_delay_s=0, goods_delay_s=0, reports_goods=False)
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    await in_status(grid, until, asked["id"], "authorized")
    await asyncio.sleep(0.03)
    path = f"/return-authorizations/{asked['id']}"
    assert (await grid.get(path))["lines"][0]["received_quantity"] is None
    await grid.control("POST", f"{path}/goods-received")
    assert (await grid.get(path))["lines"][0]["received_quantity"] == 2


async def test_a_contrary_partner_declines_with_a_reason(grid: "Grid", until: "Until") -> None:
    await behave(grid, "contrary", answer_delay_s=0.01)
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    answer = (await answered(grid, until, case["id"]))["answer"]
    assert (answer["kind"], bool(answer["note"])) == ("decline", True)
    assert {one["disposition_code"] for one in answer["lines"]} == {"RD"}
    assert {one["response_reason_code"] for one in answer["lines"]} == {"RT"}
    await in_status(grid, until, asked["id"], "denied")


@pytest.mark.parametrize("behaviour", ["silent", "manual"])
async def test_others_do_nothing(grid: "Grid", behaviour: str) -> None:
    await behave(grid, behaviour, answer_delay_s=0)
    case = await grid.case()
    await asyncio.sleep(0.03)
    assert (await grid.get(f"/cases/{case['id']}"))["status"] == "pending_partner"


async def test_a_slow_partner_waits_for_its_delay(grid: "Grid") -> None:
    await behave(grid, "slow")
    case = await grid.case()
    await asyncio.sleep(0.03)
    assert (await grid.get(f"/cases/{case['id']}"))["answer"] is None


async def test_a_change_of_behaviour_reaches_waiting_cases(grid: "Grid", until: "Until") -> None:
    await behave(grid, "slow")
    case = await grid.case()
    await behave(grid, "prompt", answer_delay_s=0)
    await answered(grid, until, case["id"])


async def test_a_bot_that_became_silent_does_not_answer(grid: "Grid") -> None:
    await behave(grid, "prompt", answer_delay_s=0.03)
    case = await grid.case()
    await behave(grid, "silent")
    await asyncio.sleep(0.06)
    assert (await grid.get(f"/cases/{case['id']}"))["answer"] is None


async def test_a_case_handed_back_is_answered_again(grid: "Grid", until: "Until") -> None:
    await behave(grid, "prompt", answer_delay_s=0)
    case = await grid.case()
    first = (await answered(grid, until, case["id"]))["answer"]["message_id"]
    await grid.post(f"/cases/{case['id']}/messages", {"body": "Sure?", "hand_back": True})

    async def again() -> bool:
        now = await grid.get(f"/cases/{case['id']}")
        return bool(now["answer"]["message_id"] != first)

    await until(again)


async def test_a_cancelled_case_is_left_alone(grid: "Grid") -> None:
    await behave(grid, "prompt", answer_delay_s=0.02)
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    await grid.post(f"/cases/{case['id']}", {"action": "cancel"}, 200)
    await asyncio.sleep(0.05)
    assert (await grid.get(f"/cases/{case['id']}"))["answer"] is None
    assert (await grid.get(f"/return-authorizations/{asked['id']}"))["status"] == "requested"


async def test_only_claims_are_answered(grid: "Grid") -> None:
    await behave(grid, "prompt", answer_delay_s=0)
    case = await grid.case(case_type="general")
    await asyncio.sleep(0.03)
    assert (await grid.get(f"/cases/{case['id']}"))["answer"] is None


async def late(grid: "Grid", until: "Until") -> Any:
    case = await grid.case(case_type="order_exception")
    return (await answered(grid, until, case["id"]))["answer"]


async def test_late_lines_get_a_date_from_a_prompt_partner(grid: "Grid", until: "Until") -> None:
    await behave(grid, "prompt", answer_delay_s=0)
    answer = await late(grid, until)
    assert answer["kind"] == "accept"
    lines = [(one["line_id"], one["code"], one["quantity"]) for one in answer["lines"]]
    assert lines == [("11", "DR", 2), ("12", "DR", 4)]
    assert {one["ship_date"] for one in answer["lines"]} == {"2026-11-26"}


async def test_late_lines_cannot_come_from_a_contrary_partner(grid: "Grid", until: "Until") -> None:
    await behave(grid, "contrary", answer_delay_s=0)
    answer = await late(grid, until)
    assert (answer["kind"], bool(answer["note"])) == ("decline", True)
    assert [(one["code"], one["ship_date"]) for one in answer["lines"]] == [("IR", None)] * 2


async def test_a_reset_stops_every_bot(grid: "Grid") -> None:
    await behave(grid, "prompt", answer_delay_s=30)
    await grid.case()
    before = len(asyncio.all_tasks())
    await grid.control("POST", "/reset", status=204)
    assert len(asyncio.all_tasks()) < before
