"""From the inbox to a case: open one, tell one to look again, or say why neither.

`dispatcher` takes an event and settles it; one module a noun says what its events mean (`returns`, `orders`,
`partner_cases`, ...); `signalling` is how each of them opens and signals cases.
"""

from intake.dispatch.dispatcher import Dispatcher
from intake.dispatch.signalling import OWN_SYSTEM
from intake.settled import Settled

__all__ = ["OWN_SYSTEM", "Dispatcher", "Settled"]
