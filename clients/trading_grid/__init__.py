"""Trading Grid: a port in our words, a REST adapter behind it, and webhook verification.

`port` is what activities and intake depend on; `rest` speaks the collaboration REST contract;
`verify` checks signed webhooks; `errors` is the one tree of what can go wrong.
"""
