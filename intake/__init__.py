"""From an event of either source to a case: nothing is lost, nothing happens twice.

`inbox` verifies and stores; `routes` says what a topic means; `dispatch` opens or signals; `opening` starts workflows;
`sweep` takes up what was left; `connections` makes the clients of shops and tenants; `connect`, `backfill`, `preview` and
`csv_import` set a shop up.
"""
