"""What every step of a case of purchase orders works with: its tools, the orders' desks, the conversations."""

from dataclasses import dataclass, field

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from domain.operator import CASE_CHANGED, CaseChanged
    from domain.partner_messages import BusinessReference, OpenPartnerCase
    from domain.purchase_order.orders import PurchaseOrder
    from domain.purchase_order.state import PurchaseOrderState
    from domain.shipping_documents.names import shipping_documents_key
    from workflows.conversations import Conversations, Correspondent
    from workflows.partner_desk import PartnerDesk
    from workflows.purchase_order.context import OrdersContext
    from workflows.purchase_order.desk import OrderDesk

_ANSWER_THERE = "Please answer the purchase order itself; what is said here is read by people and changes nothing."


SeenByPapers = tuple[bool, tuple[tuple[int, int, int], ...]]


def _seen_by_papers(order: PurchaseOrder) -> SeenByPapers:
    """What papers go by: whether a change is under way, and the quantities of each line that they don't know themselves."""
    lines = order.lines.values()
    quantities = tuple((line.ordered, line.rejected, line.cancelled) for line in lines)
    return bool(order.pending_changes), quantities


@dataclass
class Office:
    """The case's tools, and a desk for each purchase order."""

    ctx: OrdersContext
    desks: list[OrderDesk] = field(default_factory=list)
    told_papers: dict[str, SeenByPapers] = field(default_factory=dict)
    """By purchase order number, what its papers were last told to look at."""
    conversations: Conversations = field(init=False)

    def __post_init__(self) -> None:
        self.conversations = Conversations(
            self.ctx,
            self._correspondent,
            _ANSWER_THERE,
            may_answer=lambda: self.state.outcome is None,
        )

    @property
    def state(self) -> PurchaseOrderState:
        return self.ctx.state

    def staff(self, order: PurchaseOrder) -> None:
        """A desk for a purchase order, which begins to work at once."""
        desk = OrderDesk(self.ctx, order, remind=self.write, moved=self.moved)
        self.state.orders.append(order)
        self.desks.append(desk)
        self.ctx.background.start(desk.attend())

    def conversation(self, partner: str) -> PartnerDesk | None:
        """The conversation with a partner, opened when it is first wanted; None for somebody who has no order here."""
        return self.conversations.with_(partner)

    def write(self, partner: str, text: str) -> None:
        """A word of ours to a partner, in its conversation."""
        self.conversations.write(partner, text)

    def moved(self, order: PurchaseOrder) -> None:
        """What is known of an order changed: everybody who looks is told, its papers too."""
        self.ctx.show()
        if order.number not in self.state.papers:
            return
        now = _seen_by_papers(order)
        if self.told_papers.get(order.number) != now:
            self.told_papers[order.number] = now
            self.ctx.background.start(self._tell_papers(order.number))

    def knows_papers(self, order: PurchaseOrder) -> None:
        """The papers of an order have a case: it is told of changes from now on."""
        if order.number not in self.state.papers:
            self.state.papers.append(order.number)
            self.told_papers[order.number] = _seen_by_papers(order)

    async def _tell_papers(self, number: str) -> None:
        ctx = self.ctx
        papers = shipping_documents_key(ctx.input.shop, number)
        change = CaseChanged(
            event_id=f"{ctx.input.case_id}/{ctx.outside.next_number()}", case_id=ctx.input.case_id
        )
        try:
            await workflow.get_external_workflow_handle(papers).signal(CASE_CHANGED, change)
        except FailureError:
            # They are closed: a value, not a failure.
            ctx.file.note("papers", f"The papers of {number} are closed; not told.", flagged=True)

    def _correspondent(self, partner: str) -> Correspondent | None:
        order = next((one for one in self.state.orders if one.partner == partner), None)
        if order is None:
            return None
        return Correspondent(
            order.tenant, order.name, order.policy, lambda key: self._request(partner, key)
        )

    def _request(self, partner: str, key: str) -> OpenPartnerCase:
        ctx, state = self.ctx, self.state
        orders = [order for order in state.orders if order.partner == partner]
        numbers = ", ".join(order.number for order in orders)
        references = [
            BusinessReference(type="purchase_order", value=order.number) for order in orders
        ]
        if state.case.order_name:
            references.append(BusinessReference(type="order", value=state.case.order_name))
        return OpenPartnerCase(
            tenant=orders[0].tenant,
            partner=partner,
            reference=f"{ctx.input.case_id}/{partner}",
            idempotency_key=key,
            case_type="general",
            subject=f"Purchase order{'s' if len(orders) > 1 else ''} {numbers}",
            description=f"About {numbers}. {_ANSWER_THERE}",
            business_references=tuple(references),
        )
