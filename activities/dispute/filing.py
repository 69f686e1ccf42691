"""Which papers stand in which field of the evidence, as one file each: the plan, from what Shopify has and what we hold."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from clients.documents.errors import DocumentCorrupted, DocumentNotFound
from clients.documents.merging import Binder, Bound, Paper, Refusal
from clients.documents.port import DocumentStore
from clients.shopify.dispute_files import NewFile
from clients.shopify.dispute_files.port import ALL_MAX_BYTES, MAX_BYTES
from clients.shopify.generated.fragments import EvidenceFile
from domain.dispute.papers import EvidenceField
from persistence.tables import Document

_OURS = re.compile(r"gridcase-[0-9a-f]{16}\.(?:pdf|jpg|png)")
_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_KEPT = 8
"""Files kept between calls: a call writes one, and the next asks for the same ones again."""

TAKEN = "staff have put another file there"
GONE = "it is gone from our store"
DAMAGED = "it was damaged in our store"
UNKNOWN = "there is no such document here"
WORDS = {
    Refusal.TOO_LARGE: "it is larger than 2 MB",
    Refusal.TOO_MUCH: "there is no room left beside the others (2 MB a file, 4 MB together)",
}


def is_ours(file: EvidenceFile) -> bool:
    """By its name, which says what is in it."""
    return bool(_OURS.fullmatch(file.original_file_name or ""))


@dataclass(frozen=True)
class Placed:
    """A paper with the field it belongs in. `ids`: the documents that have these same bytes."""

    row: Document
    field: EvidenceField
    ids: tuple[str, ...]


@dataclass
class Plan:
    """`files`: what each field of ours should show, with the documents in it. `refused`: document -> why it is in none."""

    files: dict[EvidenceField, tuple[NewFile, tuple[str, ...]]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


class Filing:
    """Plans files. The same papers in the same draft make the same plan."""

    def __init__(self, store: DocumentStore, binder: Binder) -> None:
        self._store = store
        self._binder = binder
        self._bound: OrderedDict[tuple[tuple[str, ...], int], Bound] = OrderedDict()

    async def plan(
        self, papers: Sequence[Placed], shown: dict[EvidenceField, EvidenceFile]
    ) -> Plan:
        """Raises BinderBroken, DocumentStoreUnavailable."""
        plan = Plan()
        fields = _by_field(papers, shown, plan)
        left = ALL_MAX_BYTES - sum(file.file_size for file in shown.values() if not is_ours(file))
        for place, held in fields.items():
            left -= await self._file(plan, place, held, min(MAX_BYTES, left))
        return plan

    async def _file(self, plan: Plan, place: EvidenceField, held: list[Placed], room: int) -> int:
        """Plan one field's file; its size."""
        ids = {paper.row.id: paper.ids for paper in held}
        bound = await self._bind(plan, held, max(room, 0))
        for key, why in bound.refused.items():
            plan.refused |= dict.fromkeys(ids[key], WORDS.get(why, why.words))
        if not bound.kept:
            return 0
        name = f"gridcase-{sha256(bound.content).hexdigest()[:16]}.{_EXTENSIONS[bound.mime_type]}"
        file = NewFile(place.value, place.file_type, name, bound.mime_type, bound.content)
        plan.files[place] = (file, tuple(one for key in bound.kept for one in ids[key]))
        return len(bound.content)

    async def _bind(self, plan: Plan, held: list[Placed], room: int) -> Bound:
        known = (tuple(paper.row.sha256 for paper in held), room)
        if known in self._bound:
            self._bound.move_to_end(known)
            # By the ids of this call: the bytes are the same, the documents may be others.
            return _renamed(self._bound[known], {p.row.sha256: p.row.id for p in held})
        tried, no_room = _within(held, room)
        papers, lost = await self._read(tried)
        bound = await self._binder.bind(papers, max_bytes=room)
        bound = replace(bound, refused=no_room | bound.refused)
        for paper in held:
            if paper.row.id in lost:
                plan.refused |= dict.fromkeys(paper.ids, lost[paper.row.id])
        if not lost:
            self._bound[known] = _renamed(bound, {p.row.id: p.row.sha256 for p in held})
            while len(self._bound) > _KEPT:
                self._bound.popitem(last=False)
        return bound

    async def _read(self, held: list[Placed]) -> tuple[list[Paper], dict[str, str]]:
        """The papers with their bytes; and of those that are not to be had, why."""
        papers: list[Paper] = []
        lost: dict[str, str] = {}
        for paper in held:
            row = paper.row
            try:
                content = b"".join([chunk async for chunk in self._store.read(row.sha256)])
            except DocumentNotFound:
                lost[row.id] = GONE
            except DocumentCorrupted:
                lost[row.id] = DAMAGED
            else:
                papers.append(Paper(row.id, row.mime_type, content))
        return papers, lost


def _within(held: list[Placed], room: int) -> tuple[list[Placed], dict[str, Refusal]]:
    """The papers that may find room together, by their sizes alone: others are not even read.

    A file is about as large as what is in it; the quarter more is for what binding may save.
    """
    tried: list[Placed] = []
    refused: dict[str, Refusal] = {}
    size = 0
    for paper in held:
        row = paper.row
        if row.size > MAX_BYTES:
            refused[row.id] = Refusal.TOO_LARGE
        elif row.size > room or size + row.size > room + room // 4:
            refused[row.id] = Refusal.TOO_MUCH
        else:
            tried.append(paper)
            size += row.size
    return tried, refused


def _by_field(
    papers: Sequence[Placed], shown: dict[EvidenceField, EvidenceFile], plan: Plan
) -> dict[EvidenceField, list[Placed]]:
    """Papers by the field they go to, the field of the most important one first. What staff have filled is theirs."""
    theirs = {place for place, file in shown.items() if not is_ours(file)}
    fields: dict[EvidenceField, list[Placed]] = {}
    for paper in papers:
        place = paper.field
        if place in theirs:
            place = EvidenceField.UNCATEGORIZED
        if place in theirs:
            plan.refused |= dict.fromkeys(paper.ids, TAKEN)
        else:
            fields.setdefault(place, []).append(paper)
    return fields


def _renamed(bound: Bound, names: dict[str, str]) -> Bound:
    return Bound(
        content=bound.content,
        mime_type=bound.mime_type,
        kept=tuple(names[key] for key in bound.kept),
        refused={names[key]: why for key, why in bound.refused.items()},
    )
