"""What a partner says of a purchase order, taken into its ledger and told in the timeline."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.notification import Severity
    from domain.purchase_order.codes import Ask, code_words
    from domain.purchase_order.lines import accept_open, apply_response
    from domain.purchase_order.messages import ChangeFacts
    from domain.purchase_order.orders import (
        Change,
        ChangedLine,
        ChangeStatus,
        PurchaseOrder,
        Purpose,
    )
    from domain.purchase_order.responses import Response
    from workflows.purchase_order.context import OrdersContext


def take_response(ctx: OrdersContext, order: PurchaseOrder, response: Response) -> None:
    """A response that was not read before: applied as far as it fits, told, and what does not fit shown to people."""
    order.ledger = apply_response(order.ledger, response)
    said = _in_words(order, response)
    ctx.file.note(
        "response",
        f"{order.who} answered {order.number} ({response.sequence}): {said}",
        actor=f"partner:{order.partner}",
    )
    if flags := [flag.text for flag in order.ledger.flags_of(response.id)]:
        text = f"Not applied of {order.number} ({response.sequence}): {'; '.join(flags)}"
        ctx.file.note("response", text, actor=f"partner:{order.partner}", flagged=True)
        ctx.notices.send(
            order.policy.notify, Severity.WARNING, f"{order.who} said what does not fit", text
        )
    _ask_about_revived(order)
    if not order.policy.accept_substitutes:
        return
    for line in order.lines.values():
        answer = line.answer
        if answer and answer.response_id == response.id and Ask.SUBSTITUTE in answer.asks:
            order.ledger = order.ledger.with_line(accept_open(line))


def take_change(ctx: OrdersContext, order: PurchaseOrder, facts: ChangeFacts) -> None:
    """The partner's word on a change that waits for it; anything else changes nothing."""
    change = next((one for one in order.changes if str(one.number) == facts.number), None)
    if change is None or change.status is not ChangeStatus.SENT:
        return
    change.note = facts.note
    said = f": {facts.note}" if facts.note else ""
    match facts.status:
        case ChangeStatus.ACKNOWLEDGED:
            order.acknowledge(change)
            verb = "acknowledged"
            if change.purpose is Purpose.CHANGE:
                _take_back_again(ctx, order, change)
        case ChangeStatus.REFUSED:
            change.status = ChangeStatus.REFUSED
            verb = "refused"
        case _:
            return
    ctx.file.note(
        "change",
        f"{order.who} {verb} change {change.number} of {order.number}{said}",
        actor=f"partner:{order.partner}",
        flagged=change.status is ChangeStatus.REFUSED,
    )


def _take_back_again(ctx: OrdersContext, order: PurchaseOrder, change: Change) -> None:
    """What was added, and taken off the order before the partner had answered: until now there was nothing to cancel."""
    state = ctx.state
    pieces: dict[str, ChangedLine] = {}
    for line_id in change.lines:
        line = order.lines[line_id]
        if line_id not in state.known:
            continue
        count = order.uncommitted(line)
        if not state.order_gone:
            count = min(count, max(0, state.surplus(line_id)))
        if count:
            pieces[line_id] = ChangedLine(pieces=count)
    if pieces:
        why = state.order_gone or "taken off the order again"
        order.plan(Purpose.CANCEL, pieces, why, asks=not order.policy.auto_change)


def _ask_about_revived(order: PurchaseOrder) -> None:
    """Pieces that were rejected, that the merchant did without or ordered elsewhere, and that are to come after all."""
    for line in order.lines.values():
        revived = min(line.taken - line.rejected, order.uncommitted(line))
        if revived <= 0:
            continue
        known = line.model_copy(update={"taken": line.rejected})
        order.ledger = order.ledger.with_line(known)
        why = f"{revived} × {line.sku} were rejected before, and done without since"
        pieces = {line.line_id: ChangedLine(pieces=revived)}
        order.plan(Purpose.CANCEL, pieces, why, asks=True)


def _in_words(order: PurchaseOrder, response: Response) -> str:
    lines = order.lines
    parts = []
    for said in response.lines:
        what = lines[said.line_id].sku if said.line_id in lines else f"line {said.line_id}"
        count = f"{said.quantity} × " if said.quantity is not None else ""
        day = (
            f" on {said.ship_date or said.delivery_date}"
            if said.ship_date or said.delivery_date
            else ""
        )
        price = f" for {said.unit_price}" if said.unit_price is not None else ""
        note = f" ({said.note})" if said.note else ""
        parts.append(f"{count}{what} {code_words(said.ack_code)}{day}{price}{note}")
    return ", ".join(parts) or f"header {response.header_code or '(none)'}"
