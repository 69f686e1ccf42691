"""The portal's forms: what was typed, what is wrong with it, and the body it makes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from emulators.trading_grid.portal import words
from emulators.trading_grid.resources.cases.model import (
    PROOF,
    AnswerBody,
    AnswerKind,
    AnswerLine,
    Case,
)
from emulators.trading_grid.resources.return_authorizations import (
    AuthorizationPatch,
    LinePatch,
    ReturnAuthorization,
)

MAX_NOTE = 2000
MAX_QUANTITY_DIGITS = 9
_MONEY = re.compile(r"\d{1,9}(\.\d{1,2})?")
_PRICE = re.compile(r"\d{1,9}(\.\d{1,4})?")


@dataclass
class Form:
    """One form of a page. ``errors`` maps a field's name to what to do about it; ``articles`` the start of a
    line's field names to the article the line is about."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)
    status: int = 422
    """The HTTP status of the page that says what is wrong."""

    def problems(self) -> list[tuple[str, str]]:
        """Every error with its field's name, for the top of the page, where it must say which line it means."""
        return [(key, self._about(key) + error) for key, error in self.errors.items()]

    def _about(self, key: str) -> str:
        named = [article for prefix, article in self.articles.items() if key.startswith(prefix)]
        return f"{named[0]}: " if named else ""

    def value(self, key: str, default: object = "") -> str:
        return self.values.get(key, "" if default is None else str(default))

    def text(self, key: str, *, needed: str | None = None, longest: int = MAX_NOTE) -> str | None:
        """A trimmed text, None when empty; ``needed`` is the error where it must not be."""
        value = self.values.get(key, "").strip()
        if not value and needed:
            self.errors[key] = needed
        if len(value) > longest:
            self.errors[key] = f"Shorten this to {longest} characters; it has {len(value)}."
        return value or None

    def choice(
        self, key: str, among: Mapping[str, str], *, needed: str | None = None
    ) -> str | None:
        value = self.values.get(key, "")
        if value in among:
            return value
        if value:
            self.errors[key] = "Choose one of the list."
        elif needed:
            self.errors[key] = needed
        return None

    def quantity(self, key: str, most: int) -> int | None:
        """0 to ``most``; None when empty or wrong, which is then an error for what can't be read."""
        value = self.values.get(key, "").strip()
        if not value:
            return None
        if not re.fullmatch(rf"[0-9]{{1,{MAX_QUANTITY_DIGITS}}}", value) or int(value) > most:
            self.errors[key] = f"Enter a whole number from 0 to {most}."
            return None
        return int(value)

    def money(self, key: str) -> str | None:
        return self._amount(key, _MONEY)

    def price(self, key: str) -> str | None:
        """For one piece: up to four decimals."""
        return self._amount(key, _PRICE)

    def _amount(self, key: str, pattern: re.Pattern[str]) -> str | None:
        value = self.values.get(key, "").strip().replace(",", ".")
        if not value:
            return None
        if not pattern.fullmatch(value):
            self.errors[key] = "Enter an amount like 12.50."
            return None
        return value

    def day(self, key: str, *, needed: str | None = None, first: date | None = None) -> str | None:
        """A day as ISO-8601; ``first`` is the earliest that makes sense."""
        value = self.values.get(key, "").strip()
        if not value:
            if needed:
                self.errors[key] = needed
            return None
        try:
            day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.errors[key] = "Enter a date like 2027-01-31."
            return None
        if first is not None and day < first:
            self.errors[key] = "Choose today or a later day."
            return None
        return day.isoformat()

    def matching(self, key: str, pattern: str, wrong: str) -> str | None:
        """A short text of a fixed shape; ``wrong`` says what it looks like."""
        value = self.values.get(key, "").strip()
        if value and not re.fullmatch(pattern, value):
            self.errors[key] = wrong
            return None
        return value or None


ReadAnswer = Callable[[Form, Case, date], AnswerBody | None]


def read_accept(form: Form, case: Case, today: date) -> AnswerBody | None:
    note = form.text("note")
    return None if form.errors else AnswerBody(kind="accept", note=note)


def read_decline(form: Form, case: Case, today: date) -> AnswerBody | None:
    """Declines every line, with the reason on each."""
    reason = form.choice("response_reason", words.RESPONSE_REASON, needed="Choose a reason.")
    note = form.text("note", needed="Say why, so that the company can tell its customer.")
    if form.errors:
        return None
    lines = [
        AnswerLine(
            line_id=line.line_id, quantity=0, disposition_code="RD", response_reason_code=reason
        )
        for line in case.lines
    ]
    return AnswerBody(kind="decline", lines=lines, note=note)


def read_request_info(form: Form, case: Case, today: date) -> AnswerBody | None:
    note = form.text("note", needed="Write what you need to know.")
    return None if form.errors else AnswerBody(kind="request_info", note=note)


def read_partial(form: Form, case: Case, today: date) -> AnswerBody | None:
    """A decision a line: how many are accepted, and what happens to them."""
    lines = [_partial_line(form, number, case) for number in range(len(case.lines))]
    note = form.text("note")
    if form.errors:
        return None
    if all(line.disposition_code == "RD" for line in lines):
        form.errors["lines"] = "Every line is refused here. Use Decline, which asks for a reason."
        return None
    return AnswerBody(kind="partial", lines=lines, note=note)


def _partial_line(form: Form, number: int, case: Case) -> AnswerLine:
    asked = case.lines[number]
    prefix = f"line-{number}-"
    form.articles[prefix] = asked.sku or f"Line {asked.line_id}"
    decision = form.choice(
        prefix + "disposition", words.ANSWER_DISPOSITION, needed="Choose what happens to this line."
    )
    quantity = form.quantity(prefix + "quantity", asked.quantity)
    credit = form.money(prefix + "credit")
    reason = form.choice(prefix + "reason", words.RESPONSE_REASON)
    note = form.text(prefix + "note", longest=500)
    if prefix + "quantity" not in form.errors and decision is not None:
        if decision == "RD":
            if quantity:
                form.errors[prefix + "quantity"] = (
                    "A refused line accepts 0. Enter 0, or choose to accept the line."
                )
            quantity = 0
        elif quantity is None:
            form.errors[prefix + "quantity"] = f"Enter how many of {asked.quantity} you accept."
        elif quantity == 0:
            form.errors[prefix + "quantity"] = "Enter at least 1, or choose to refuse the line."
    part = decision == "RA" and quantity is not None and quantity < asked.quantity
    return AnswerLine(
        line_id=asked.line_id,
        quantity=quantity,
        disposition_code="PA" if part else decision,
        response_reason_code=reason,
        credit_amount=credit,
        note=note,
    )


def read_late(form: Form, case: Case, today: date) -> AnswerBody | None:
    """What becomes of each late line: all ship on a day, part ships now, a substitute, or none come."""
    lines = [_late_line(form, number, case, today) for number in range(len(case.lines))]
    note = form.text("note")
    if form.errors:
        return None
    codes = {line.code for line in lines}
    kind: AnswerKind = "accept" if codes == {"DR"} else "decline" if codes == {"IR"} else "partial"
    return AnswerBody(kind=kind, lines=lines, note=note)


def _late_line(form: Form, number: int, case: Case, today: date) -> AnswerLine:
    asked = case.lines[number]
    prefix = f"line-{number}-"
    form.articles[prefix] = asked.sku or f"Line {asked.line_id}"
    code = form.choice(prefix + "code", words.LATE, needed="Choose what becomes of this line.")
    quantity = form.quantity(prefix + "quantity", asked.quantity)
    dated = {"DR": "Enter the day it ships.", "BP": "Enter the day the rest ships."}
    day = form.day(prefix + "ship_date", needed=dated.get(code or ""), first=today)
    substitute = form.text(prefix + "substitute_sku", longest=255)
    note = form.text(prefix + "note", longest=500)
    if code == "IS" and not substitute:
        form.errors[prefix + "substitute_sku"] = "Enter the SKU you would ship instead."
    if code == "IR" and day:
        form.errors[prefix + "ship_date"] = "What cannot ship has no day; leave this empty."
    if code == "BP" and prefix + "quantity" not in form.errors:
        if quantity is None or not 0 < quantity < asked.quantity:
            form.errors[prefix + "quantity"] = (
                f"Enter how many of {asked.quantity} ship now: fewer than all, at least 1."
            )
    elif code is not None:
        quantity = asked.quantity
    return AnswerLine(
        line_id=asked.line_id,
        code=code,
        quantity=quantity,
        ship_date=day,
        substitute_sku=substitute if code == "IS" else None,
        note=note,
    )


def read_statement(form: Form, case: Case, today: date) -> AnswerBody | None:
    """A dispute is decided on what the statement says; elsewhere words may be left out."""
    needed = "Write what happened, as it should be told." if case.case_type == "dispute" else None
    note = form.text("note", needed=needed)
    return None if form.errors else AnswerBody(kind="accept", note=note)


def read_refusal(form: Form, case: Case, today: date) -> AnswerBody | None:
    note = form.text("note", needed="Say why, so that the company can act.")
    return None if form.errors else AnswerBody(kind="decline", note=note)


_READ_CLAIM: dict[str, ReadAnswer] = {
    "accept": read_accept,
    "decline": read_decline,
    "partial": read_partial,
    "request_info": read_request_info,
}
_READ_LATE: dict[str, ReadAnswer] = {"late": read_late, "request_info": read_request_info}
_READ_PROOF: dict[str, ReadAnswer] = {
    "accept": read_statement,
    "decline": read_refusal,
    "request_info": read_request_info,
}


def answers_to(case: Case) -> dict[str, ReadAnswer]:
    """The forms the case can be answered with, by the kind they send."""
    if case.case_type in PROOF:
        return _READ_PROOF
    return _READ_LATE if case.case_type == "order_exception" and case.lines else _READ_CLAIM


def read_authorization(
    form: Form, authorization: ReturnAuthorization, now: datetime
) -> AuthorizationPatch | None:
    """RMA number, address and expiry. The last day counts to its end, in UTC."""
    rma = form.text("rma_number", needed="Enter the RMA number for the label.", longest=50)
    address = form.text("return_to", needed="Enter the address the goods go to.", longest=500)
    expires = _expiry(form, now)
    if form.errors:
        return None
    return AuthorizationPatch(
        status="authorized", rma_number=rma, return_to=address, expires=expires
    )


def _expiry(form: Form, now: datetime) -> datetime | None:
    value = form.values.get("expires", "").strip()
    if not value:
        return None
    try:
        day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        form.errors["expires"] = "Enter a date like 2027-01-31."
        return None
    end = datetime.combine(day.date(), time.min, UTC) + timedelta(days=1, seconds=-1)
    if end <= now:
        form.errors["expires"] = "Choose a day that lies ahead, or leave it empty."
        return None
    return end


def read_denial(
    form: Form, authorization: ReturnAuthorization, now: datetime
) -> AuthorizationPatch | None:
    reason = form.choice("response_reason", words.RESPONSE_REASON, needed="Choose a reason.")
    if form.errors:
        return None
    return AuthorizationPatch(
        status="denied",
        lines=[
            LinePatch(line_id=line.line_id, disposition_code="RD", response_reason_code=reason)
            for line in authorization.lines
        ],
    )


def read_goods(
    form: Form, authorization: ReturnAuthorization, now: datetime
) -> AuthorizationPatch | None:
    """What arrived, line by line; lines left empty are not reported yet."""
    patches = []
    for number, line in enumerate(authorization.lines):
        prefix = f"line-{number}-"
        form.articles[prefix] = line.sku or f"Line {line.line_id}"
        received = form.quantity(prefix + "received", line.quantity)
        disposition = form.choice(prefix + "disposition", words.GOODS_DISPOSITION)
        location = form.text(prefix + "location", longest=50)
        if prefix + "received" in form.errors:
            continue
        if received is None:
            if disposition or location:
                form.errors[prefix + "received"] = "Enter how many arrived; 0 if none did."
            continue
        if received and not disposition:
            form.errors.setdefault(
                prefix + "disposition", "Choose what was done with what arrived."
            )
        if received and disposition in ("KA", "KR"):
            form.errors[prefix + "disposition"] = (
                "These goods arrived; choose what was done with them."
            )
        if received and disposition == "RA" and not location:
            form.errors[prefix + "location"] = "Enter the code of the place the stock went to."
        patches.append(
            LinePatch(
                line_id=line.line_id,
                received_quantity=received,
                disposition_code=disposition,
                location_code=location,
            )
        )
    if not form.errors and not patches:
        form.errors["lines"] = "Enter what arrived for at least one line."
    return None if form.errors else AuthorizationPatch(lines=patches)


READ_RETURN = {
    "authorize": read_authorization,
    "deny": read_denial,
    "goods": read_goods,
}
