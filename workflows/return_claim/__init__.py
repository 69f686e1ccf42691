"""Return claims: `workflow` tells the story; `opening`, `partners`, `underneath`, `answering` and
`settling` do what it names, each on the same `context`; `patience` waits, `refusals` says why an operator must wait."""

from workflows.return_claim.workflow import ReturnClaimWorkflow

__all__ = ["ReturnClaimWorkflow"]
