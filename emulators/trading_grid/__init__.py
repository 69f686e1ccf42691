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
* A purchase order has a ``status``: ``sent``, ``acknowledged`` (something was answered),
  ``partially_shipped``, ``shipped`` (nothing is left to ship but what was rejected), ``cancelled``
  (an acknowledged change took every line back). ``lines[].quantity`` is what is ordered now. Its
  version grows with each response, acknowledged change and shipment. ``po_number`` that is taken
  answers 409 ``duplicate_po_number`` with ``_links.existing``.
* A change has its own version and ``status`` (``pending``, ``acknowledged``, ``refused``), with
  ``acknowledge_time`` and ``note`` of the partner. In a ``change``, ``lines[].quantity`` is the line's
  new quantity, 0 for none, and an unknown ``line_id`` is a new line; in a ``cancel`` it is how many
  are taken back, all without it, and without lines the whole order. The same ``change_number`` with
  the same change answers 200 with the first, with another 409 ``duplicate_change_number``. An
  acknowledged change is applied to the order, a refused one is not.
* A line's ``quantity`` in a response, or in the answer of an ``order_exception``, is how many pieces
  its code speaks of: with BP those that ship, with IB those that wait, with IR those that never come.
* ``purchase_order.response_received`` and ``.change_acknowledged`` are of the response and the change:
  their ``data`` also has ``purchase_order_id``, and ``href`` leads to ``/purchase-orders/{id}/responses/
  {response id}`` and ``/purchase-orders/{id}/changes/{change_number}``.
* ``external_reference`` in events of responses, changes, notices, invoices and documents is the
  purchase order's own, null where several are named or none is known. A document names its order by
  the business reference ``{"type": "purchase_order", "value": po_number}``.
* A corrected shipment notice keeps its id, grows its version and is told of again. ``charges`` of an
  invoice is one sum beside the lines. Partners' dates are their own writing, by contract ISO-8601 days.
* ``ship_to`` has ``name, company, address1, address2, city, province_code, postal_code, country_code,
  phone``; it is shown by the purchase order and its portal page only, never by ``/_emulator``.
* ``GET /inventory-advices/{id}`` takes the parameters of a list, about its ``lines``: up to 1,000 a page,
  ``_links.next`` to more, ``total`` on ``include-total``. ``line_count`` is how many there are; in the list
  of advices there are no lines. An advice is never changed. One of the same or an older ``as_of`` and
  ``sequence`` may come later, and a SKU may stand in it twice. ``constraint.until`` is the last day.
* A campaign and its readiness come whole, also in lists. ``PUT /campaigns/{id}`` replaces the plan, needs
  ``If-Match``, and grows the version only where something differs; ``partner_id`` and
  ``external_reference`` can't change; no ``products`` is a campaign called off. The company's change is
  told by no event of the contract; the partner sees the difference, and what it said of products that
  were added or changed since no longer stands.
* ``POST /campaigns/{id}/readiness`` is the partner's word, also where the company enters it. ``sequence``
  left out is the next, a taken one answers 409 ``duplicate_sequence``. ``campaign_version`` is the plan it
  answers. An issue replaces an earlier one of the same ``code`` and ``sku``. ``campaign.readiness_updated``
  is of the readiness: ``href`` leads to ``/campaigns/{id}/readiness/{readiness id}``, ``campaign_id``
  names the campaign, ``external_reference`` is the campaign's.
* Cases of type ``dispute``, ``supply_constraint`` and ``campaign_readiness`` are answered with ``accept``,
  ``decline`` or ``request_info`` and a ``note``, no lines. To accept a dispute is to stand by it: the note is
  the statement, the documents of the case are the proof. A business reference ``{"type":
  "requested_document", "value": document_type}`` asks for a document, one each; ``{"type": "campaign",
  "value": campaign id}`` names the campaign a case is about.
* A filter on a field of a list (``po_numbers``, ``business_references.value``) holds where one entry
  meets it; ``ne`` where none is equal.
* What the company itself writes is in the event feed too, like everything else of its tenant.
* An ``Idempotency-Key`` covers every POST. Only answers that took effect (2xx) are kept: a refused
  request did nothing, so its repetition is judged anew.
* Events: ``position`` is an opaque integer that grows, also across restarts. ``GET /events`` without
  ``position`` goes on from what ``POST /events/position`` stored (``{"position": n}``, or
  ``{"timestamp": t}`` for everything from t on). A position that has been purged answers 410.
* ``/files/from-stream`` takes raw bytes and names the file by ``Content-Disposition`` or by the
  ``file-name`` parameter. Documents are downloaded from their ``download-media`` link with the token.
"""
