"""The process that reads papers: run by its path, isolated (`-I`), it imports nothing of ours.

Takes a job as JSON on standard input and answers in lines of JSON:

    {"reading": 3}                              it is at paper 3; what happens to the process now is that paper's fault
    {"refused": 3, "why": "encrypted"}
    {"alone": 3}                                the only paper left; it goes as it is
    {"binding": [0, 1, 2]}                      all are read
    {"bound": [0, 1], "too_much": [2], "pages": 7}      the file is written

The same papers make the same bytes: nothing of the time or the machine gets in. Nothing is compressed anew that loses by it:
a JPEG goes in as it is, of a PNG its pixels do.
"""

import contextlib
import io
import json
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
)

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
A4 = (595, 842)  # points
MARGIN = 36
ORIENTATION = 0x0112  # of EXIF
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE = 0, 2, 3
_SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}


class Refused(Exception):
    """The paper can't be taken; the message is the code of `Refusal`."""


def main() -> None:
    job = json.load(sys.stdin)
    _limit(job["cpu_seconds"], job["memory_bytes"])
    Image.MAX_IMAGE_PIXELS = job["max_pixels"]
    readable: list[tuple[int, PdfWriter]] = []
    pages = 0
    for index, paper in enumerate(job["papers"]):
        _tell(reading=index)
        try:
            read = as_pdf(
                Path(paper["path"]).read_bytes(),
                paper["mime_type"],
                max_pages=job["max_pages"] - pages,
                max_pixels=job["max_pixels"],
            )
        except Refused as refused:
            _tell(refused=index, why=str(refused))
        else:
            pages += len(read.pages)
            readable.append((index, read))
    if len(readable) == 1:
        _tell(alone=readable[0][0])
        return
    _tell(binding=[index for index, _ in readable])
    kept, content = bind(readable, job["max_bytes"])
    Path(job["out"]).write_bytes(content)
    left = [index for index, _ in readable if index not in kept]
    _tell(bound=kept, too_much=left, pages=pages)


def bind(papers: list[tuple[int, PdfWriter]], max_bytes: int) -> tuple[list[int], bytes]:
    """The papers that fit together, in their order, and the PDF of them; a small one may fit where a larger one did not."""
    whole = _written(read for _, read in papers)
    if len(whole) <= max_bytes:
        return [index for index, _ in papers], whole
    kept: list[tuple[int, PdfWriter]] = []
    content = b""
    for paper in papers:
        tried = _written(read for _, read in [*kept, paper])
        if len(tried) <= max_bytes:
            kept.append(paper)
            content = tried
    return [index for index, _ in kept], content


def as_pdf(content: bytes, mime_type: str, *, max_pages: int, max_pixels: int) -> PdfWriter:
    """A paper as pages. Raises Refused."""
    try:
        if mime_type == PDF:
            return _document(content, max_pages)
        if mime_type in {JPEG, PNG}:
            return _picture(content, mime_type, max_pages, max_pixels)
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise Refused("pixels") from None
    except MemoryError:
        raise Refused("memory") from None
    except RecursionError:
        raise Refused("broken") from None
    except Exception:
        # Neither library promises which errors a hostile file makes it raise.
        raise Refused("broken") from None
    raise Refused("type")


def _document(content: bytes, max_pages: int) -> PdfWriter:
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            # Also with an empty password: a bank's viewer may refuse what its owner has locked.
            raise Refused("encrypted")
        if len(reader.pages) > max_pages:
            raise Refused("pages")
        writer = PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
    except PyPdfError:
        raise Refused("broken") from None
    if not writer.pages:
        raise Refused("empty")
    _written([writer])  # what can't be written again shows itself here, as the fault of this paper
    return writer


def _picture(content: bytes, mime_type: str, max_pages: int, max_pixels: int) -> PdfWriter:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            # Pillow calls the JPEG of a phone with a second picture behind it MPO.
            if picture.format not in ({"PNG"} if mime_type == PNG else {"JPEG", "MPO"}):
                raise Refused("broken")
            if max_pages < 1:
                raise Refused("pages")
            if picture.width * picture.height > max_pixels:
                raise Refused("pixels")
            picture.load()  # the whole of it: a file cut short is found out
            turned = int(picture.getexif().get(ORIENTATION, 1) or 1)
            if mime_type == PNG:
                image, turned = _of_png(content, picture), 1
            else:
                image = _of_jpeg(content, picture)
            size = (picture.width, picture.height)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Refused("broken") from None
    return _page(image, size, turned if 1 <= turned <= 8 else 1)


def _of_jpeg(content: bytes, picture: Image.Image) -> StreamObject:
    space = _SPACES.get(picture.mode)
    if space is None:
        raise Refused("broken")
    image = _image(picture.width, picture.height, 8, NameObject(space), "/DCTDecode")
    if picture.mode == "CMYK" and "adobe" in picture.info:
        # Adobe writes CMYK upside down.
        image[NameObject("/Decode")] = ArrayObject([NumberObject(n) for n in (1, 0) * 4])
    image._data = content
    return image


def _of_png(content: bytes, picture: Image.Image) -> StreamObject:
    """The compressed pixels as they are, which PDF can read; of a picture with transparency, or interlaced, they are
    compressed anew, without loss, on white as it would be seen on paper."""
    head, palette, data, plain = _chunks(content)
    depth, colour = head[2], head[3]
    if not plain or colour not in {_GREY, _RGB, _PALETTE}:
        shown = picture.convert("RGBA")
        paper = Image.new("RGBA", shown.size, "white")
        paper.alpha_composite(shown)
        again = io.BytesIO()
        paper.convert("RGB").save(again, "PNG", compress_level=9)
        head, palette, data, _ = _chunks(again.getvalue())
        depth, colour = head[2], head[3]
    if colour == _PALETTE:
        last = len(palette) // 3 - 1
        space: Any = ArrayObject(
            [
                NameObject("/Indexed"),
                NameObject("/DeviceRGB"),
                NumberObject(last),
                ByteStringObject(palette),
            ]
        )
    else:
        space = NameObject("/DeviceRGB" if colour == _RGB else "/DeviceGray")
    image = _image(head[0], head[1], depth, space, "/FlateDecode")
    image[NameObject("/DecodeParms")] = DictionaryObject(
        {
            NameObject("/Predictor"): NumberObject(15),
            NameObject("/Colors"): NumberObject(3 if colour == _RGB else 1),
            NameObject("/BitsPerComponent"): NumberObject(depth),
            NameObject("/Columns"): NumberObject(head[0]),
        }
    )
    image._data = data
    return image


def _chunks(content: bytes) -> tuple[tuple[int, int, int, int], bytes, bytes, bool]:
    """Width, height, depth and colour type; palette; pixels; and whether nothing stands against taking the pixels as they
    are."""
    head, palette, data, plain = (0, 0, 0, 0), b"", [], True
    at = len(_PNG_SIGNATURE)
    while at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            head, plain = (width, height, depth, colour), not interlaced
        elif kind == b"PLTE":
            palette = body
        elif kind == b"tRNS":
            plain = False
        elif kind == b"IDAT":
            data.append(body)
        elif kind == b"IEND":
            break
    return head, palette, b"".join(data), plain


def _image(width: int, height: int, depth: int, space: Any, coded: str) -> StreamObject:
    image = StreamObject()
    image.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(width),
            NameObject("/Height"): NumberObject(height),
            NameObject("/ColorSpace"): space,
            NameObject("/BitsPerComponent"): NumberObject(depth),
            NameObject("/Filter"): NameObject(coded),
        }
    )
    return image


def _page(image: StreamObject, size: tuple[int, int], turned: int) -> PdfWriter:
    """A page of A4, upright or across as the picture is, with the picture on it as its camera was held."""
    width, height = size if turned < 5 else size[::-1]
    paper = A4 if height >= width else A4[::-1]
    scale = min((paper[0] - 2 * MARGIN) / width, (paper[1] - 2 * MARGIN) / height, 1.0)
    w, h = width * scale, height * scale
    box = ((paper[0] - w) / 2, (paper[1] - h) / 2, w, h)
    writer = PdfWriter()
    page = writer.add_page(PageObject.create_blank_page(width=paper[0], height=paper[1]))
    page[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/XObject"): DictionaryObject(
                {NameObject("/Picture"): writer._add_object(image)}
            )
        }
    )
    drawn = DecodedStreamObject()
    numbers = " ".join(f"{number:.3f}" for number in placing(turned, *box))
    drawn.set_data(f"q {numbers} cm /Picture Do Q".encode())
    page[NameObject("/Contents")] = writer._add_object(drawn)
    return writer


def placing(turned: int, x: float, y: float, w: float, h: float) -> tuple[float, ...]:
    """The matrix that draws the unit square into a box, by EXIF's orientation of the picture in it."""
    return {
        1: (w, 0, 0, h, x, y),
        2: (-w, 0, 0, h, x + w, y),
        3: (-w, 0, 0, -h, x + w, y + h),
        4: (w, 0, 0, -h, x, y + h),
        5: (0, -h, -w, 0, x + w, y + h),
        6: (0, -h, w, 0, x, y + h),
        7: (0, h, w, 0, x, y),
        8: (0, h, -w, 0, x + w, y),
    }[turned]


def _written(papers: Iterable[PdfWriter]) -> bytes:
    writer = PdfWriter()
    for paper in papers:
        for page in paper.pages:
            writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    """Bounds that the system keeps, where it has them."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        # The soft bound tells its name to whoever waits for us; the hard one only kills.
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 2))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
