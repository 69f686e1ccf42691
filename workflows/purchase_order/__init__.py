"""Purchase orders: the story (`workflow`), one purchase order's desk, and what happens beside it."""

from workflows.purchase_order.workflow import PurchaseOrderWorkflow

__all__ = ["PurchaseOrderWorkflow"]
