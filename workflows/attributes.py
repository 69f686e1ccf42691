"""The typed search attributes of a case, as Temporal's SDK takes them."""

from temporalio.common import SearchAttributeKey

from domain import attributes as names

CASE_KIND = SearchAttributeKey.for_keyword(names.CASE_KIND)
CASE_STATUS = SearchAttributeKey.for_keyword(names.CASE_STATUS)
SHOP = SearchAttributeKey.for_keyword(names.SHOP)
PARTNER = SearchAttributeKey.for_keyword_list(names.PARTNER)
ORDER_NAME = SearchAttributeKey.for_keyword(names.ORDER_NAME)
DUE_AT = SearchAttributeKey.for_datetime(names.DUE_AT)
ESCALATED = SearchAttributeKey.for_int(names.ESCALATED)

ALL = (CASE_KIND, CASE_STATUS, SHOP, PARTNER, ORDER_NAME, DUE_AT, ESCALATED)
