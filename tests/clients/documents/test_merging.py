"""Papers as one file: nothing is lost on the way, and a hostile one takes nothing with it but itself."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from clients.documents.merging import Binder, BinderBroken, Bound, Limits, Paper, Refusal
from clients.documents.merging.child import placing

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
TWO_MB = 2_000_000
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pdf(*pages: str, encrypted: bool = False, padding: int = 0) -> bytes:
    """A PDF with a text on each page, and `padding` incompressible bytes."""
    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(width=595, height=842)
        drawn = DecodedStreamObject()
        noise = (
            b"%" + random.Random(1).randbytes(padding).hex().encode() + b"\n" if padding else b""
        )
        drawn.set_data(noise + f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(drawn)
    if encrypted:
        writer.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(
    mode: str = "RGB", size: tuple[int, int] = (30, 20), kind: str = "PNG", **how: Any
) -> bytes:
    image = Image.frombytes("RGB", size, random.Random(1).randbytes(3 * size[0] * size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **how)
    return out.getvalue()


def paper(key: str, content: bytes) -> Paper:
    kinds = {b"%PDF": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG": PNG}
    kind = next((kind for head, kind in kinds.items() if content.startswith(head)), PDF)
    return Paper(key=key, mime_type=kind, content=content)


async def bind(*contents: bytes, max_bytes: int = TWO_MB, **limits: Any) -> Bound:
    """Papers named a, b, c, ..."""
    papers = [paper("abcdefgh"[place], content) for place, content in enumerate(contents)]
    return await Binder(Limits(**limits)).bind(papers, max_bytes=max_bytes)


def texts(bound: Bound) -> list[str]:
    drawn = []
    for page in PdfReader(io.BytesIO(bound.content)).pages:
        contents = page.get_contents()
        assert contents is not None
        drawn.append(contents.get_data().decode())
    return [text.split("(")[1].split(")")[0] if "(" in text else "picture" for text in drawn]


async def test_several_papers_become_one_pdf_in_their_order() -> None:
    bound = await bind(pdf("one", "two"), picture(kind="JPEG"), pdf("three"), picture())
    assert texts(bound) == ["one", "two", "picture", "three", "picture"]
    assert (bound.kept, bound.refused, bound.mime_type) == (("a", "b", "c", "d"), {}, PDF)


async def test_the_same_papers_make_the_same_bytes() -> None:
    contents = (pdf("one"), picture("P"), picture(kind="JPEG"), picture("RGBA"))
    first, second = await bind(*contents), await bind(*contents)
    assert first.content == second.content
    assert (await bind(*reversed(contents))).content != first.content


@pytest.mark.parametrize("content", [pdf("one"), picture(), picture(kind="JPEG")])
async def test_a_single_paper_goes_as_it_is(content: bytes) -> None:
    bound = await bind(content)
    assert bound.content == content
    assert bound.mime_type == paper("a", content).mime_type


@pytest.mark.parametrize(
    "content",
    [
        *(picture(mode) for mode in ("RGB", "L", "1", "P")),
        *(picture(mode, kind="JPEG") for mode in ("RGB", "L", "CMYK")),
        picture(kind="JPEG", progressive=True),
        picture("L", (1, 1)),
    ],
    ids=lambda content: f"{len(content)} bytes",
)
async def test_a_picture_keeps_every_pixel(content: bytes) -> None:
    bound = await bind(pdf("one"), content)
    with Image.open(io.BytesIO(content)) as given:
        assert drawn(bound).tobytes() == given.convert("RGB").tobytes()


def drawn(bound: Bound) -> Image.Image:
    """The picture on the second page. One of PNG's pixels is read as a PNG made of what the PDF says of it: pypdf's own
    reading of them is wrong for one bit a pixel."""
    resources: Any = PdfReader(io.BytesIO(bound.content)).pages[1]["/Resources"]
    image = resources["/XObject"]["/Picture"]
    if image["/Filter"] == "/DCTDecode":
        return Image.open(io.BytesIO(image._data)).convert("RGB")
    space, parameters = image["/ColorSpace"], image["/DecodeParms"]
    colour = {"/DeviceGray": 0, "/DeviceRGB": 2}.get(str(space), 3)
    depth, width = image["/BitsPerComponent"], image["/Width"]
    assert parameters == {
        "/Predictor": 15,
        "/Colors": 3 if colour == 2 else 1,
        "/BitsPerComponent": depth,
        "/Columns": width,
    }
    chunks = [
        chunk(b"IHDR", struct.pack(">IIBBBBB", width, image["/Height"], depth, colour, 0, 0, 0))
    ]
    if colour == 3:
        kind, base, last, palette = space
        assert (kind, base) == ("/Indexed", "/DeviceRGB")
        assert len(palette.original_bytes) == 3 * (last + 1)
        chunks.append(chunk(b"PLTE", palette.original_bytes))
    content = b"".join([SIGNATURE, *chunks, chunk(b"IDAT", image._data), chunk(b"IEND", b"")])
    return Image.open(io.BytesIO(content)).convert("RGB")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


async def test_a_jpeg_is_not_compressed_again() -> None:
    content = picture(kind="JPEG", quality=40)
    assert content in (await bind(pdf("one"), content)).content


async def test_what_is_transparent_is_white_on_paper() -> None:
    half = Image.new("RGBA", (4, 2), (255, 0, 0, 0))
    half.putpixel((0, 0), (0, 0, 255, 255))
    out = io.BytesIO()
    half.save(out, "PNG")
    bound = await bind(pdf("one"), out.getvalue())
    assert drawn(bound).tobytes() == bytes((0, 0, 255, *[255] * 21))


async def test_a_colour_of_a_palette_that_is_transparent_is_white_on_paper() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0)
    bound = await bind(pdf("one"), out.getvalue())
    assert drawn(bound).tobytes() == bytes((255, 255, 255, 0, 0, 255))


async def test_an_interlaced_picture_keeps_every_pixel() -> None:
    width, height = 11, 9
    grey = random.Random(2).randbytes(width * height)
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
    rows = b""
    for x, y, across, down in (*passes, (0, 1, 1, 2)):
        for line in range(y, height, down):
            row = bytes(grey[line * width + place] for place in range(x, width, across))
            rows += b"\0" + row if row else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    content = b"".join(
        [SIGNATURE, chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    )
    bound = await bind(pdf("one"), content)
    assert drawn(bound).convert("L").tobytes() == grey


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_photo_stands_as_its_camera_was_held(turned: int) -> None:
    """The corners, as Pillow turns them."""
    stored = Image.new("L", (2, 2))
    stored.putdata([1, 2, 3, 4])
    exif = stored.getexif()
    exif[0x0112] = turned
    shown = ImageOps.exif_transpose(stored)
    assert shown is not None
    a, b, c, d, e, f = placing(turned, 0, 0, 1, 1)
    for place, value in enumerate([1, 2, 3, 4]):
        u, v = place % 2, 1 - place // 2
        x, y = a * u + c * v + e, b * u + d * v + f
        assert shown.getpixel((int(x), 1 - int(y))) == value


async def test_a_photo_held_upright_fills_an_upright_page() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (3000, 2000)).save(out, "JPEG", exif=exif)
    bound = await bind(pdf("one"), out.getvalue())
    page = PdfReader(io.BytesIO(bound.content)).pages[1]
    assert page.mediabox.height > page.mediabox.width


# Hostile papers.


def without_pages() -> bytes:
    out = io.BytesIO()
    PdfWriter().write(out)
    return out.getvalue()


def tree_that_bites_its_tail() -> bytes:
    content = pdf("one").decode("latin-1")
    return content.replace("/Kids [", "/Kids [ 1 0 R 1 0 R 1 0 R ", 1).encode("latin-1")


def bomb() -> bytes:
    """A kilobyte or two that claims some 600 million pixels."""
    head = struct.pack(">IIBBBBB", 24_000, 24_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (3001 * 24_000), 9)

    return SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: pdf("locked", encrypted=True), Refusal.ENCRYPTED),
        (lambda: b"%PDF-1.7 nothing of the kind", Refusal.BROKEN),
        (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 100, Refusal.BROKEN),
        (without_pages, Refusal.EMPTY),
        (lambda: pdf(*["page"] * 30), Refusal.PAGES),
        (bomb, Refusal.PIXELS),
        (lambda: picture(size=(200, 200))[:-4_000], Refusal.BROKEN),
        (lambda: picture(size=(200, 200), kind="JPEG")[:-1_500], Refusal.BROKEN),
        (lambda: SIGNATURE + b"\0" * 50, Refusal.BROKEN),
        (lambda: b"\xff\xd8\xff" + b"\0" * 50, Refusal.BROKEN),
        (lambda: pdf("large", padding=400_000), Refusal.TOO_LARGE),
    ],
)
async def test_a_hostile_paper_is_refused_and_the_others_go(
    make: Callable[[], bytes], why: Refusal
) -> None:
    bound = await bind(pdf("one"), make(), pdf("two"), max_bytes=500_000, max_pages=20)
    assert bound.refused == {"b": why}
    assert texts(bound) == ["one", "two"]
    assert why.words


async def test_a_page_tree_in_a_circle_ends() -> None:
    bound = await bind(
        pdf("one"), tree_that_bites_its_tail(), pdf("two"), max_pages=50, cpu_seconds=8
    )
    assert texts(bound)[0] == "one"
    assert texts(bound)[-1] == "two"


async def test_another_type_is_refused() -> None:
    papers = [Paper("a", PDF, pdf("one")), Paper("b", "text/csv", b"a,b\n1,2\n")]
    bound = await Binder().bind(papers, max_bytes=TWO_MB)
    assert bound.refused == {"b": Refusal.TYPE}
    assert bound.content == papers[0].content


async def test_a_type_that_lies_is_refused() -> None:
    papers = [Paper("a", PNG, picture(kind="JPEG")), Paper("b", JPEG, picture())]
    bound = await Binder().bind(papers, max_bytes=TWO_MB)
    assert bound.refused == {"a": Refusal.BROKEN, "b": Refusal.BROKEN}
    assert (bound.content, bound.kept, bound.mime_type) == (b"", (), "")


async def test_a_paper_that_takes_too_long_is_given_up_and_the_others_go() -> None:
    slow = pdf(*["page"] * 4_000)
    bound = await bind(pdf("one"), slow, pdf("two"), max_pages=10_000, cpu_seconds=1)
    assert bound.refused == {"b": Refusal.TIME}
    assert texts(bound) == ["one", "two"]


async def test_a_paper_that_unpacks_to_too_much_memory_is_given_up_and_the_others_go() -> None:
    out = io.BytesIO()
    Image.new("L", (20_000, 20_000)).save(out, "PNG", compress_level=1)
    large = out.getvalue()
    bound = await bind(
        pdf("one"),
        large,
        pdf("two"),
        max_bytes=50_000_000,
        max_pixels=10**9,
        memory_bytes=300_000_000,
    )
    assert bound.refused == {"b": Refusal.MEMORY}
    assert texts(bound) == ["one", "two"]


async def test_a_process_that_does_not_start_is_no_papers_fault() -> None:
    with pytest.raises(BinderBroken):
        await bind(pdf("one"), pdf("two"), seconds=0.001)


async def test_what_finds_no_room_is_left_out_whole_and_a_small_one_behind_it_goes() -> None:
    contents = [
        pdf(name, padding=size)
        for name, size in (("one", 40_000), ("two", 90_000), ("three", 90_000), ("four", 10))
    ]
    bound = await bind(*contents, max_bytes=330_000)
    assert bound.refused == {"c": Refusal.TOO_MUCH}
    assert bound.kept == ("a", "b", "d")
    assert texts(bound) == ["one", "two", "four"]
    assert len(bound.content) <= 330_000


async def test_pages_are_counted_together() -> None:
    bound = await bind(pdf(*"12345"), pdf(*"12345"), pdf("last"), max_pages=6)
    assert bound.refused == {"b": Refusal.PAGES}
    assert bound.kept == ("a", "c")


async def test_nothing_makes_nothing() -> None:
    assert await bind() == Bound(b"", "", (), {})
