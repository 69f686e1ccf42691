"""Side effects of a return claim: `answering` reads and answers the return, `reviewing` asks partners, `settling` moves
goods and money; each method has one idempotent mutation. `remote` and `mapping` read Shopify's shapes, `inputs` builds them.
"""

from activities.return_claim.answering import ReturnClaimActivities
from activities.return_claim.reviewing import ReturnReviewActivities
from activities.return_claim.settling import ReturnSettlementActivities

__all__ = ["ReturnClaimActivities", "ReturnReviewActivities", "ReturnSettlementActivities"]
