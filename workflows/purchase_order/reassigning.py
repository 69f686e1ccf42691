"""Lines that go from one partner to another: let go at the first before they are ordered at the second."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.notification import Severity
    from domain.purchase_order.lines import Line
    from domain.purchase_order.orders import Change, ChangedLine, Purpose
    from domain.purchase_order.state import Reassignment, ReassignStatus
    from workflows.purchase_order.office import Office
    from workflows.purchase_order.opening import find_partner, place, read_order
    from workflows.waiting import Stopped, hold


async def keep_reassigning(office: Office) -> None:
    """Carry out reassignments, one after the other, until the case ends."""
    ctx = office.ctx

    def next_one() -> Reassignment | None:
        cancelling = (ReassignStatus.CANCELLING,)
        return next((one for one in ctx.state.reassignments if one.status in cancelling), None)

    while True:
        await hold(lambda: next_one() is not None or ctx.is_over())
        entry = next_one()
        if ctx.is_over() or entry is None:
            return
        try:
            await _reassign(office, entry)
        except Stopped:
            return
        ctx.show()


async def _reassign(office: Office, entry: Reassignment) -> None:
    ctx, state = office.ctx, office.state
    found = await find_partner(ctx, entry.partner)
    if found.partner is None:
        _drop(office, entry, found.refused)
        return
    _let_go(office, entry)
    await hold(lambda: not any(c.status.pending for c in _changes(office, entry)) or ctx.is_over())
    if ctx.is_over():
        raise Stopped
    for change in _changes(office, entry):
        for line_id, count in change.taken_back.items():
            entry.pieces[line_id] = entry.pieces.get(line_id, 0) + count
    lines = []
    order = await read_order(ctx) if state.order_id else None
    for line_id, count in entry.pieces.items():
        known = state.known.get(line_id)
        # An edit may have come meanwhile: no more than the order still wants.
        if known is not None and state.order_id:
            count = min(count, max(0, -state.surplus(line_id)))
        first = next(line for _, line in state.of_line(line_id))
        if count:
            lines.append(
                Line(line_id=line_id, sku=first.sku, unit_price=first.unit_price, ordered=count)
            )
    if not lines or state.order_gone:
        why = "was not let go" if not entry.pieces else "is not wanted any more"
        _drop(office, entry, f"What was to go to {entry.partner} {why}.")
        return
    await place(office, {entry.partner: (found.partner, lines)}, order)
    entry.status = ReassignStatus.ORDERED
    what = ", ".join(f"{line.ordered} × {line.sku}" for line in lines)
    name = found.partner.name or entry.partner
    ctx.file.note("reassigned", f"{what} now ordered from {name}.", actor=entry.actor)


def _changes(office: Office, entry: Reassignment) -> list[Change]:
    """All that was asked for its sake, the merchant's repeats of it included."""
    return [
        change
        for order in office.state.orders
        for change in order.changes
        if change.reassignment == entry.number
    ]


def _let_go(office: Office, entry: Reassignment) -> None:
    """Have the lines cancelled where they are; what was rejected there, or never sent, is free at once."""
    for order in office.state.orders:
        pieces: dict[str, ChangedLine] = {}
        for line_id in entry.line_ids:
            line = order.lines.get(line_id)
            if line is None or order.partner == entry.partner:
                continue
            if line.untaken:
                entry.pieces[line_id] = entry.pieces.get(line_id, 0) + line.untaken
                taken = line.model_copy(update={"taken": line.taken + line.untaken})
                order.ledger = order.ledger.with_line(taken)
            if count := order.uncommitted(line):
                pieces[line_id] = ChangedLine(pieces=count)
        if not pieces:
            continue
        why = f"ordered elsewhere: {', '.join(order.lines[one].sku for one in pieces)}"
        change = order.plan(Purpose.CANCEL, pieces, why, reassignment=entry.number)
        if change is None:
            for line_id, changed in pieces.items():
                entry.pieces[line_id] = entry.pieces.get(line_id, 0) + changed.pieces


def _drop(office: Office, entry: Reassignment, why: str) -> None:
    entry.status = ReassignStatus.DROPPED
    office.ctx.file.note("reassigned", f"Not ordered from {entry.partner}: {why}", flagged=True)
    office.ctx.notices.send(
        office.state.policy.notify,
        Severity.WARNING,
        f"nothing was ordered from {entry.partner}",
        why,
    )
