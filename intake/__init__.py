"""From an event of either source to a case: nothing is lost, nothing happens twice.

`inbox` verifies and stores; `routes` says what a topic means; `dispatch` opens or signals, with `records` for events of
no case, `failures` for what to make of errors, `settled` for what became of an event; `opening` starts workflows; `sweep`
takes up what was left; `connections` makes the clients of shops and tenants; `temporal` and `provision` reach and prepare
Temporal; `connect`, `backfill`, `preview`, `policies` and `csv_import` set a shop up.
"""
