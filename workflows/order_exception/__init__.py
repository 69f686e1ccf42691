"""Order exceptions: `workflow` tells the story; `opening`, `partners`, `underneath`, `holds` and `reassigning` do what it
names, each on the same `context`; `deciding` takes the merchant's words."""

from workflows.order_exception.workflow import OrderExceptionWorkflow

__all__ = ["OrderExceptionWorkflow"]
