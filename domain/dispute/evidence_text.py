"""Our part of the evidence's `uncategorizedText`, between two marker lines; what is around it is staff's. Pure.

Staff type into the same text, at any time. The marker that begins our part says how many lines follow and what they hash to,
so that a part nobody touched is known without its end. Of a part that somebody did touch, each line that we ever wrote is
ours (`known`, by `marks_of`) and any other is staff's: it is kept, below our part.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

TEXT_LIMIT = 20_000
ALL_TEXTS_LIMIT = 150_000
"""Characters; as the payment processor behind Shopify Payments has them (`TOO_LARGE` beyond, whichever they are)."""

_BEGIN = "=== Evidence of our trading partners, written by Gridcase, begins here"
_END = "=== Evidence of our trading partners, written by Gridcase, ends here"
_BEGIN_LINE = re.compile(re.escape(_BEGIN) + r"(?: \((\d{1,5}) lines?, ([0-9a-f]{8})\))?(?: ===)?")
_END_LINE = re.compile(re.escape(_END) + r"(?: ===)?")
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class Fitted:
    """`lines` of our part, without markers; `left_out` has the keys of what found no room."""

    lines: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def fitted(parts: Iterable[tuple[str, str]], around: str, room: int = TEXT_LIMIT) -> Fitted:
    """What of these parts (key, text) fits into `room` characters beside what staff wrote (`around`), in their order.

    Each whole or not at all; a small one may find room where a larger one before it did not.
    """
    lines: tuple[str, ...] = ()
    left_out: list[str] = []
    taken = len(around) + 2  # at most two line ends come in where our part stands
    size = len(_framed(("",))) + len("999 s")
    for key, text in parts:
        part = lines_of([text])
        more = sum(len(line) + 1 for line in part) + 1
        if taken + size + more <= room:
            lines = _appended(lines, part)
            size += more
        else:
            left_out.append(key)
    return Fitted(lines, tuple(left_out))


def lines_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts as lines of our part, a blank one between them, and nothing in them that could be taken for a marker."""
    lines: tuple[str, ...] = ()
    for text in texts:
        part = [_stripped(_without_markers(line)) for line in _clean(text).split("\n")]
        while part and not part[-1]:
            part.pop()
        while part and not part[0]:
            part.pop(0)
        lines = _appended(lines, tuple(part))
    return lines


def _appended(lines: tuple[str, ...], part: tuple[str, ...]) -> tuple[str, ...]:
    return (*lines, "", *part) if lines and part else lines or part


def placed(text: str, lines: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """`text` with these lines of ours in it, once; staff's words before and after stay as they are.

    `known` holds the marks of lines that we wrote at any time (`marks_of`).
    """
    found = _split(text, known | marks_of(lines))
    if not lines:
        return "\n".join([*found.before, *found.after]) if found.ours else _plain(text)
    if found.ours:
        return "\n".join([*found.before, _framed(lines), *found.after])
    return f"{_plain(text).rstrip()}\n\n{_framed(lines)}" if text.strip() else _framed(lines)


def damaged(text: str, known: frozenset[str] = frozenset()) -> bool:
    """Whether our part is there, and somebody has touched it."""
    found = _split(text, known)
    return found.ours and not found.intact


def around(text: str, known: frozenset[str] = frozenset()) -> str:
    """What staff wrote: the text without any of ours."""
    found = _split(text, known)
    return "\n".join([*found.before, *found.after]) if found.ours else _plain(text)


def same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but white space at the ends of lines, which Shopify may have taken off."""
    return _comparable(one) == _comparable(other)


def marks_of(lines: Iterable[str]) -> frozenset[str]:
    """What tells lines of ours from staff's later on; blank ones are nobody's."""
    return frozenset(_mark(line) for line in map(_stripped, lines) if line)


@dataclass(frozen=True)
class _Split:
    before: tuple[str, ...]
    after: tuple[str, ...]
    ours: bool
    """Something of ours was in it."""
    intact: bool = False


def _split(text: str, marks: frozenset[str]) -> _Split:
    lines = _plain(text).split("\n")
    intact = _untouched(lines)
    if intact is not None:
        begin, end = intact
        return _Split(tuple(lines[:begin]), tuple(lines[end + 1 :]), ours=True, intact=True)
    return _picked(lines, marks)


def _untouched(lines: list[str]) -> tuple[int, int] | None:
    """Where our part begins and ends, if it is there once, between whole markers, as it was written."""
    begins = [i for i, line in enumerate(lines) if _BEGIN in line]
    ends = [i for i, line in enumerate(lines) if _END in line]
    if len(begins) != 1 or len(ends) != 1:
        return None
    [begin], [end] = begins, ends
    marker = _BEGIN_LINE.fullmatch(_stripped(lines[begin]))
    if marker is None or marker[1] is None or not _END_LINE.fullmatch(_stripped(lines[end])):
        return None
    part = lines[begin + 1 : end]
    if int(marker[1]) != len(part) or _hash(part) != marker[2]:
        return None
    return begin, end


def _picked(lines: list[str], marks: frozenset[str]) -> _Split:
    """Line by line: what we wrote is ours, anything else is staff's, markers with words on them included."""
    before: list[str] = []
    after: list[str] = []
    found = False
    skip = 0
    for index, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        begin = _BEGIN_LINE.search(line)
        rest = _without_markers(line)
        is_ours = rest != line or _mark(_stripped(line)) in marks
        if begin is not None and begin[1] is not None:
            # Whole but for its end, or there twice.
            part = lines[index + 1 : index + 1 + int(begin[1])]
            if len(part) == int(begin[1]) and _hash(part) == begin[2]:
                skip = len(part)
        found = found or is_ours
        kept = rest if rest != line else line
        if is_ours and not (rest != line and rest.strip()):
            continue
        (after if found else before).append(kept)
    return _Split(tuple(before), tuple(after), found)


def _without_markers(line: str) -> str:
    """A line without any marker; again, since taking one out may join the halves of another."""
    while True:
        rest = _END_LINE.sub("", _BEGIN_LINE.sub("", line))
        if rest == line:
            return rest
        line = rest


def _framed(lines: Sequence[str]) -> str:
    count = f"{len(lines)} line{'' if len(lines) == 1 else 's'}"
    return "\n".join([f"{_BEGIN} ({count}, {_hash(lines)}) ===", *lines, f"{_END} ==="])


def _clean(text: str) -> str:
    """Without control and direction characters; line ends are `\\n`."""
    return "".join(
        character
        for character in unicodedata.normalize("NFC", _plain(text).replace("\t", "    "))
        if character == "\n" or unicodedata.category(character)[0] != "C"
    )


def _plain(text: str) -> str:
    return _NEWLINES.sub("\n", text)


def _stripped(line: str) -> str:
    return line.rstrip()


def _comparable(text: str) -> str:
    return "\n".join(_stripped(line) for line in _plain(text).split("\n")).strip()


def _hash(lines: Sequence[str]) -> str:
    return sha256("\n".join(map(_stripped, lines)).encode()).hexdigest()[:8]


def _mark(line: str) -> str:
    return sha256(line.encode()).hexdigest()[:12]
