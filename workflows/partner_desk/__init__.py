"""One partner's side of a case: `desk` decides what comes next, `letters` writes to Trading Grid."""

from workflows.partner_desk.desk import LOOK, PartnerDesk, is_of_case

__all__ = ["LOOK", "PartnerDesk", "is_of_case"]
