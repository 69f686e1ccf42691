"""A dispute of the emulator's and papers in our store, for the tests of its activities."""

import io
import random
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from clients.shopify.dispute_files import NewFile, dispute_files
from domain.dispute.messages import (
    AlignedFiles,
    AlignFiles,
    DraftedText,
    DraftText,
    EvidencePaper,
    SubmitEvidence,
    SubmittedEvidence,
    TextPart,
)
from domain.dispute.names import DisputeType
from domain.dispute.papers import EvidenceField
from domain.shopify_ids import numeric_id
from persistence.repositories import cases, documents
from persistence.repositories.documents import Direction
from tests.activities.conftest import Hands
from tests.workflows.disputes import SHIRT, pdf
from tests.world import SHOP, TENANT

CASE = "dispute:acme:1"
PARTNER = "acme-textiles"
SHIPPING = EvidenceField.SHIPPING_DOCUMENTATION
SERVICE = EvidenceField.SERVICE_DOCUMENTATION
OTHER = EvidenceField.UNCATEGORIZED


class Disputed:
    """One dispute, and what its activities are asked for."""

    def __init__(self, hands: Hands, made: dict[str, Any], order: dict[str, Any]) -> None:
        self.hands = hands
        self.world = hands.world
        self.activities = hands.disputes
        self.dispute_id = numeric_id(made["dispute_id"])
        self.order_id = numeric_id(order["order_id"])
        self.order = order
        self.cases: set[str] = set()

    async def call(self, activity: Any, request: Any, **how: Any) -> Any:
        return await self.hands.call(activity, request, workflow_id=CASE, **how)

    async def refusal(self, activity: Any, request: Any) -> Any:
        return await self.hands.refusal(activity, request, workflow_id=CASE)

    # Papers.

    async def paper(
        self,
        content: bytes,
        *,
        kind: str = "proof_of_delivery",
        name: str = "paper.pdf",
        case_id: str = CASE,
        order_id: str | None = None,
        direction: Direction = "from_partner",
    ) -> str:
        """A document of a case; its id."""
        stored = await self.hands.store.put(content)
        now = datetime.now(UTC)
        async with self.world.database.begin() as session:
            if case_id not in self.cases:
                self.cases.add(case_id)
                await cases.open_case(
                    session,
                    key=case_id,
                    kind=case_id.partition(":")[0].replace("-", "_"),
                    shop_id=SHOP,
                    title=case_id,
                    status="opening",
                    now=now,
                    order_id=self.order_id if order_id is None else order_id or None,
                )
            row, _ = await documents.insert(
                session,
                case_id=case_id,
                shop_id=SHOP,
                tenant_id=TENANT,
                partner_id=PARTNER,
                sha256=stored.sha256,
                size=stored.size,
                mime_type=stored.mime_type,
                file_name=name,
                document_type=kind,
                direction=direction,
                now=now,
                remote_id=None,
            )
        return row.id

    async def step(self, *papers: tuple[str, EvidenceField]) -> AlignedFiles:
        wanted = tuple(EvidencePaper(document_id=one, field=field) for one, field in papers)
        request = AlignFiles(shop=SHOP, dispute_id=self.dispute_id, papers=wanted)
        return AlignedFiles.model_validate(await self.call(self.activities.align_files, request))

    async def align(self, *papers: tuple[str, EvidenceField]) -> AlignedFiles:
        """As the workflow does: until there is nothing more to be done."""
        for _ in range(12):
            aligned = await self.step(*papers)
            if aligned.done:
                return aligned
        raise AssertionError("it is never done")

    async def attached(self, *papers: tuple[str, EvidenceField]) -> dict[str, str]:
        """What became of each: the field, or why not."""
        aligned = await self.align(*papers)
        return {key: one.field or one.why for key, one in aligned.placements.items()}

    # Texts and the submission.

    async def write(self, *texts: str, **more: Any) -> DraftedText:
        parts = tuple(TextPart(key=f"{n}", text=text) for n, text in enumerate(texts))
        request = DraftText(shop=SHOP, dispute_id=self.dispute_id, parts=parts, **more)
        return DraftedText.model_validate(await self.call(self.activities.draft_text, request))

    async def submit(self, type_: DisputeType = DisputeType.CHARGEBACK) -> SubmittedEvidence:
        request = SubmitEvidence(shop=SHOP, dispute_id=self.dispute_id, type=type_)
        done = await self.call(self.activities.submit_evidence, request)
        return SubmittedEvidence.model_validate(done)

    # Shopify.

    async def there(self) -> dict[str, Any]:
        found = (await self.world.shopify_state())["shops"][SHOP]["disputes"]
        wanted: dict[str, Any] = next(
            one for one in found if numeric_id(one["dispute_id"]) == self.dispute_id
        )
        return wanted

    async def text(self) -> str:
        found: str = (await self.there())["texts"].get("uncategorizedText", "")
        return found

    async def act(self, action: str, **body: Any) -> None:
        path = f"/_emulator/shops/{SHOP}/disputes/{self.dispute_id}/{action}"
        answer = await self.world.shopify.post(path, json=body)
        assert answer.is_success, answer.text

    async def staff_file(
        self, field: EvidenceField, content: bytes, name: str = "ours.pdf"
    ) -> None:
        """Staff put a file of their own into a field."""
        admin = await self.world.connections.shopify(SHOP)
        await dispute_files(admin).put(
            f"gid://shopify/ShopifyPaymentsDispute/{self.dispute_id}",
            (await self.there())["evidence_id"],
            NewFile(field.value, field.file_type, name, "application/pdf", content),
        )


async def disputed(hands: Hands, **more: Any) -> Disputed:
    order = await hands.world.order(SHIRT)
    body = {"order_id": numeric_id(order["order_id"]), "evidence_due_in_s": 86_400} | more
    made = await hands.world._post(hands.world.shopify, f"/_emulator/shops/{SHOP}/disputes", body)
    return Disputed(hands, made, order)


def photo(seed: int = 1, size: int = 40) -> bytes:
    """A PNG that nothing makes smaller: three bytes a pixel."""
    image = Image.frombytes("RGB", (size, size), random.Random(seed).randbytes(3 * size * size))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


__all__ = ["Disputed", "disputed", "pdf", "photo"]
