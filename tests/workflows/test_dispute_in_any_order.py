"""Whatever the order things come in, whoever is away, whatever answer is lost: each type of a dispute is answered once, in
time, with everything that had come by then."""

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from clients.documents.object_store import open_document_store
from persistence.session import Database
from tests.workflows.disputes import (
    DAY,
    HOUR,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    add_evidence,
    answers,
    asked,
    decided,
    dispute,
    draft,
    escalated,
    in_shopify,
    newest_cases,
    outcome,
    pdf,
    sends,
    submissions,
    submit,
    until_drafted,
    until_submitted,
)
from tests.world import SHOP, World, open_world
from worker import Outside, make_worker

DUE = 4 * DAY
MARGIN = timedelta(seconds=40)
KINDS = ("proof_of_delivery", "packing_list", "photo", "invoice", "certificate")


@dataclass
class Story:
    """What has happened so far, and what must therefore be in the evidence."""

    world: World
    dice: random.Random
    case_id: str
    parts: Outside
    due: datetime
    shift: AsyncExitStack = field(default_factory=AsyncExitStack)
    papers: list[str] = field(default_factory=list)
    """Words in the papers of partners."""
    said: list[str] = field(default_factory=list)
    """Words of partners and the merchant, for the text."""
    staff: list[str] = field(default_factory=list)
    count: int = 0

    def word(self, kind: str) -> str:
        self.count += 1
        return f"{kind}-{self.count:02}"

    async def starts(self) -> None:
        """A worker comes."""
        await self.shift.enter_async_context(make_worker(self.world.temporal, self.parts))

    async def stops(self) -> None:
        await self.shift.aclose()
        self.shift = AsyncExitStack()

    # What may happen.

    async def paper(self) -> None:
        word = self.word("paper")
        partner = self.dice.choice((TEXTILES, SHOES))
        kind = self.dice.choice(KINDS)
        await sends(self.world, partner, kind, name=f"{word}.pdf", content=pdf(word))
        self.papers.append(word)

    async def statement(self) -> None:
        """A partner that says something else later takes back what it said before."""
        word, partner = self.word("states"), self.dice.choice((TEXTILES, SHOES))
        await answers(self.world, partner, self.dice.choice(("accept", "partial")), f"{word}.")
        self.said = [one for one in self.said if not one.startswith(f"{partner}:")]
        self.said.append(f"{partner}:{word}")

    async def merchant(self) -> None:
        word = self.word("merchant")
        await add_evidence(self.world, self.case_id, f"{word}.")
        self.said.append(f"merchant:{word}")

    async def typing(self) -> None:
        word = self.word("staff")
        await in_shopify(self.world, self.case_id, "evidence", append=word)
        self.staff.append(word)

    async def damage(self) -> None:
        """Staff cut into our part, and type into it."""
        lines = (await draft(self.world, self.case_id)).split("\n")
        word = self.word("staff")
        lines.insert(self.dice.randrange(len(lines) + 1), word)
        ours = [place for place, line in enumerate(lines) if line.startswith("===")]
        if ours:
            del lines[self.dice.choice(ours)]
        text = "\n".join(lines)
        await in_shopify(self.world, self.case_id, "evidence", uncategorized_text=text)
        self.staff.append(word)

    async def stale(self) -> None:
        """Staff save a draft that they opened before ours was there."""
        word = self.word("staff")
        await in_shopify(self.world, self.case_id, "evidence", uncategorized_text=word)
        self.staff = [word]

    async def lost_answer(self) -> None:
        self.world.lose_answer_to = "disputeEvidenceUpdate"

    async def lost_upload(self) -> None:
        hooks = self.world.shopify.event_hooks["response"]

        async def lose(response: httpx.Response) -> None:
            if "dispute_file_uploads" in response.request.url.path and lose in hooks:
                hooks.remove(lose)
                raise httpx.ReadError("The answer was lost.", request=response.request)

        hooks.append(lose)

    async def lost_webhook(self) -> None:
        await self.world.delivered()
        self.world.deliver = False
        await self.paper()
        await self.world.delivered()
        self.world.deliver = True

    async def away(self) -> None:
        """No worker for a while; partners go on."""
        await self.stops()
        await self.paper()
        await self.starts()

    async def time(self) -> None:
        await asyncio.sleep(self.dice.random())

    async def happens(self, times: int) -> None:
        acts = (
            *(self.paper, self.paper, self.paper, self.statement, self.merchant, self.typing),
            *(self.damage, self.lost_answer, self.lost_upload, self.lost_webhook, self.away),
            self.stale,
            self.time,
        )
        for act in self.dice.choices(acts, k=times):
            await act()

    # How it is answered.

    async def is_answered(self, kind: str) -> None:
        """By the merchant's word or at the margin; in time, with all of it."""
        if self.dice.random() < 0.5:
            await submit(self.world, self.case_id)
        else:
            self.due = datetime.now(UTC) + MARGIN + timedelta(seconds=4)
            seconds = (self.due - datetime.now(UTC)).total_seconds()
            await in_shopify(self.world, self.case_id, "due", evidence_due_in_s=seconds)
        await self.world.eventually(
            lambda: submissions(self.world, self.case_id),
            lambda found: found.get(kind) == 1,
            within=40,  # partners that can't be reached at once are waited for a while
        )
        assert datetime.now(UTC) < self.due  # and Shopify holds the date against us itself
        await self.has_everything()

    async def has_everything(self) -> None:
        found = await dispute(self.world, self.case_id)
        text = found["texts"]["uncategorizedText"]
        assert text.count("begins here") == text.count("ends here") == 1
        for said in self.said:
            assert f"{said.partition(':')[2]}." in text
        for word in self.staff:
            assert text.count(word) == 1
        files = self.files(found)
        for word in self.papers:
            assert f"({word})".encode() in files, f"{word} is not attached: {found['files']}"
            assert f"{word}.pdf" in text
        # Nothing lies about that no field shows.
        assert sorted(found["uploads"]) == sorted(found["files"].values())

    def files(self, found: dict[str, Any]) -> bytes:
        """What the fields show, as one."""
        emulator = self.world.emulators["shopify"].state.emulator
        disputes = emulator.shops[SHOP].disputes.values()
        evidence = next(one.evidence for one in disputes if one.gid == found["dispute_id"])
        stored = [emulator.storage.files[file.stored].content for file in evidence.files.values()]
        return b"\n".join(stored)


@pytest.mark.parametrize("seed", range(3))
async def test_each_type_is_answered_once_in_time_with_everything_that_had_come(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    async with open_world(dev_server.client, database, tmp_path, worker=False) as world:
        parts = Outside(
            world.settings,
            database,
            world.box,
            world.connections,
            open_document_store(world.settings.document_store_url),
            world.recorder,
        )
        story = Story(world, dice, "", parts, datetime.now(UTC) + DUE)
        await story.starts()
        try:
            kind = dice.choice(("INQUIRY", "CHARGEBACK"))
            story.case_id, _ = await asked(
                world,
                SHIRT,
                SHOE,
                dispute={"kind": kind, "due": DUE},
                margin={"hours": MARGIN / HOUR},
            )
            await newest_cases(world, SHOES)
            await story.happens(6)
            await story.is_answered(kind)
            answered = {kind: 1}
            if kind == "INQUIRY":
                story.due = datetime.now(UTC) + DUE
                await escalated(world, story.case_id, DUE)
                await world.until_status(story.case_id, "awaiting_partner", "awaiting_merchant")
                await story.happens(3)
                await story.is_answered("CHARGEBACK")
                answered["CHARGEBACK"] = 1
            await decided(world, story.case_id, dice.choice(("won", "lost")))
            assert await outcome(world, story.case_id) in {"won", "lost"}
            assert await submissions(world, story.case_id) == answered
        finally:
            await story.stops()


async def test_what_staff_save_over_ours_is_put_back_before_it_is_submitted(world: World) -> None:
    case_id, _ = await asked(world, SHIRT)
    await sends(world, TEXTILES, name="proof.pdf")
    await answers(world, TEXTILES, "accept", "We handed it over.")
    await until_drafted(world, case_id, "We handed it over.", "proof.pdf")
    await in_shopify(world, case_id, "evidence", uncategorized_text="Opened an hour ago.")
    await submit(world, case_id)
    await until_submitted(world, case_id)
    text = await draft(world, case_id)
    assert text.startswith("Opened an hour ago.")
    assert "We handed it over." in text
    assert "proof.pdf" in text
