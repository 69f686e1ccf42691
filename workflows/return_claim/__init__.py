"""Return claims: `workflow` tells the story, `steps` does what it names."""

from workflows.return_claim.workflow import ReturnClaimWorkflow

__all__ = ["ReturnClaimWorkflow"]
