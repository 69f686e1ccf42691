"""An emulator of OpenText Trading Grid, as far as our contract goes, with state and rules.

No REST specification of Trading Grid is public. Paths, fields and rules here are *assumed*, in the
style of OpenText's published cloud APIs (OAuth2 per tenant, HAL, snake_case fields, kebab-case
parameters, actions by POST, two-step upload), until OpenText's own specification replaces them.

Assumed beyond that contract, and decided here for return, damage and warranty claims:

* An answer's ``lines`` are ``{line_id, code, quantity, disposition_code, response_reason_code,
  credit_amount, note}``. ``disposition_code``: RA authorised (all of the line, or ``quantity``), PA
  partly (``quantity`` is accepted), RD denied, KA, KR or DI accepted while the goods stay with the
  customer (keep with an allowance, keep and repair, dispose). ``accept`` and ``decline`` without
  lines hold for every line; ``partial`` names lines; ``request_info`` has a note and no lines.
* An answer adds a message to the thread (``answer.message_id``), moves the case to
  ``pending_company`` and emits ``case.answered`` only. A later answer replaces the earlier until the
  case is resolved, closed or cancelled.
* A company message with ``hand_back: true`` and the action ``request_info`` move the case to
  ``pending_partner``.
* ``resolve``, ``close`` and ``cancel`` take ``resolution`` and ``note``; ``extend`` takes ``due_time``;
  ``reopen`` and ``request_info`` take ``note``. A note becomes a message of the company. ``close`` is
  taken from every state but closed and cancelled, ``resolve`` from open and both pending states.
* Return authorisations: lines also carry ``received_quantity`` (integer, null until told) and
  ``location_code`` (the partner's code of the place). For received goods ``disposition_code`` RA with
  a ``location_code`` means put back into stock there, DI disposed, RT sent to a third party, KA or KR
  never sent back, MW or RF in repair. Missing = asked minus received. Only the partner changes one.
* What the company itself writes is in the event feed too, like everything else of its tenant.
* An ``Idempotency-Key`` covers every POST. Only answers that took effect (2xx) are kept: a refused
  request did nothing, so its repetition is judged anew.
* Events: ``position`` is an opaque integer that grows, also across restarts. ``GET /events`` without
  ``position`` goes on from what ``POST /events/position`` stored (``{"position": n}``, or
  ``{"timestamp": t}`` for everything from t on). A position that has been purged answers 410.
* ``/files/from-stream`` takes raw bytes and names the file by ``Content-Disposition`` or by the
  ``file-name`` parameter. Documents are downloaded from their ``download-media`` link with the token.
"""
