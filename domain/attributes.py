"""Names of the typed search attributes every case carries. No personal data: they are not encrypted."""

CASE_KIND = "CaseKind"
CASE_STATUS = "CaseStatus"
SHOP = "Shop"
PARTNER = "Partner"
ORDER_NAME = "OrderName"
DUE_AT = "DueAt"
ESCALATED = "Escalated"
