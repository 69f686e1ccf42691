"""What every step of a case of purchase orders works with."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.purchase_order.names import PurchaseOrderInput
    from domain.purchase_order.state import PurchaseOrderState
    from workflows.case_tools import CaseTools

OrdersContext = CaseTools[PurchaseOrderInput, PurchaseOrderState]
