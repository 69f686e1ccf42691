"""What every step of shipping documents works with."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.shipping_documents.names import ShippingDocumentsInput
    from domain.shipping_documents.state import ShippingDocumentsState
    from workflows.case_tools import CaseTools

PapersContext = CaseTools[ShippingDocumentsInput, ShippingDocumentsState]
