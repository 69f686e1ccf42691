"""What every step of an order exception works with."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.order_exception.names import OrderExceptionInput
    from domain.order_exception.state import OrderExceptionState
    from workflows.case_tools import CaseTools

ExceptionContext = CaseTools[OrderExceptionInput, OrderExceptionState]
