"""The HTTP API: webhooks in, cases out, operators' commands, administration.

Start it with `python -m api`; `app.create_app` makes the application from `services.Services`. One router a resource;
`errors` is the one place that turns an error into an answer, `access` the one that decides who may call.
"""
