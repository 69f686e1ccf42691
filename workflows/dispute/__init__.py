"""Dispute: the workflow and its steps, one file each."""

from workflows.dispute.workflow import DisputeWorkflow

__all__ = ["DisputeWorkflow"]
