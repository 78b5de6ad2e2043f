"""Small PDFs that grow, circle, nest or are broken, each by its name."""

import zlib
from collections.abc import Callable

import pymupdf
from support.hostile_pdfs import assembled, link, stream, with_more

MEGABYTE = 2**20


def one_page(
    box: bytes = b"0 0 612 792", content: bytes = b"", *more: bytes, keys: bytes = b""
) -> bytes:
    """A page of this box; ``more`` are objects from 5 on."""
    page = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [" + box + b"] " + keys + b">>"
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        stream(content),
        *more,
    )


def packed(size: int, times: int) -> bytes:
    """A stream's object of ``size`` bytes of blanks, packed so many times."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    content = head + block * (size // MEGABYTE) + packer.flush()
    for _ in range(times - 1):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode " * times
    head = b"<< /Length %d /Filter [%s] >>\nstream\n" % (len(content), filters)
    return head + content + b"\nendstream"


def nested_pages(depth: int) -> bytes:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    for number in range(2, depth + 2):
        objects.append(b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1))
    return assembled(*objects, b"<< /Type /Page /MediaBox [0 0 9 9] >>")


def circling_pages() -> bytes:
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"
    )


def calling_itself() -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"
    keys = b"/Resources << /XObject << /F 5 0 R >> >> "
    return one_page(b"0 0 612 792", b"/F Do\n", stream(b"/F Do /F Do\n", form), keys=keys)


def doubling(levels: int) -> bytes:
    """Forms that draw the next one twice: 2 to the power of ``levels`` drawings."""
    forms = []
    for level in range(levels):
        extra = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
        extra += b"/Resources << /XObject << /F %d 0 R >> >>"
        content = b"/F Do /F Do\n" if level < levels - 1 else b"0 0 9 9 re f\n"
        forms.append(stream(content, extra % (level + 6)))
    keys = b"/Resources << /XObject << /F 5 0 R >> >> "
    return one_page(b"0 0 612 792", b"/F Do\n", *forms, keys=keys)


def many_pages(count: int) -> bytes:
    pdf = pymupdf.open()
    for number in range(count):
        pdf.new_page(width=200, height=200).insert_text((20, 50), f"page {number}")
    return bytes(pdf.tobytes())


def one_page_often(count: int) -> bytes:
    """A tree that has the same page so many times."""
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * count, count),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    )


def picture(side: int) -> bytes:
    """A page that draws a picture of so many pixels by as many."""
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d " % (side, side)
    head += b"/BitsPerComponent 8 /ColorSpace /DeviceRGB"
    return one_page(
        b"0 0 612 792",
        b"600 0 0 700 0 0 cm /I Do\n",
        stream(bytes(MEGABYTE), head),
        keys=b"/Resources << /XObject << /I 5 0 R >> >> ",
    )


def circling_outline() -> bytes:
    entry = b"<< /Title (x) /Parent 6 0 R /Next 7 0 R /Prev 7 0 R /First 7 0 R /Last 7 0 R >>"
    root = b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 9 >>"
    return with_more(root, entry, catalog=b"/Outlines 6 0 R ")


def circling_structure() -> bytes:
    root = b"<< /Type /StructTreeRoot /K 7 0 R /ParentTree << /Kids [6 0 R] >> >>"
    element = b"<< /Type /StructElem /S /P /P 7 0 R /K [7 0 R 7 0 R] >>"
    keys = b"/StructTreeRoot 6 0 R /MarkInfo << /Marked true >> "
    return with_more(root, element, catalog=keys)


def circling_tables() -> bytes:
    """A table of objects whose earlier one is itself."""
    plain = with_more()
    place = int(plain[plain.rindex(b"startxref") :].split()[1])
    return with_more()[:place] + plain[place:].replace(b"/Root", b"/Prev %d /Root" % place)


def many_packed_objects() -> bytes:
    inner = b"".join(b"%d 0 " % number for number in range(10, 200_000))
    head = b"/Type /ObjStm /N 199990 /First %d" % len(inner)
    return with_more(stream(inner + b"<</A[" * 400_000, head))


def broken_font() -> bytes:
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar 0 /LastChar 255 "
    font += b"/FontDescriptor 7 0 R >>"
    about = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 8 0 R >>"
    program = b"\0\1\0\0\0\x0c\xff\xff" + bytes(range(256)) * 40
    content = b"BT /F9 11 Tf 72 720 Td (Table 1: Scores of the one method.) Tj ET\n"
    keys = b"/Resources << /Font << /F9 6 0 R >> >> "
    return with_more(font, about, stream(program), page=keys, content=content)


def long_text(size: int) -> bytes:
    """So many bytes of printed text, line under line."""
    line = b"(Words that go on and on, and say nothing at all of what was done.) Tj T*\n"
    return with_more(content=b"BT /F1 1 Tf 1 TL 9 790 Td\n" + line * (size // 66) + b"ET")


def many_links(count: int) -> bytes:
    at = link(b"/S /URI /URI (http://127.0.0.1:9/%s)" % (b"x" * 200))
    return with_more(at, page=b"/Annots [%s] " % (b"6 0 R " * count))


def locked() -> bytes:
    pdf = pymupdf.open()
    pdf.new_page().insert_text((72, 72), "secret")
    way = pymupdf.PDF_ENCRYPT_AES_256
    return bytes(pdf.tobytes(encryption=way, user_pw="user", owner_pw="owner"))


BOMBS: dict[str, Callable[[], bytes]] = {
    "half a gigabyte packed thrice": lambda: one_page(keys=b"/X 5 0 R ").replace(
        stream(b""), packed(512 * MEGABYTE, 3)
    ),
    "objects packed": many_packed_objects,
    "a picture of 100,000 by 100,000": lambda: picture(100_000),
    "a page of a thousand million points": lambda: one_page(b"0 0 1e9 1e9", b"0 0 9 9 re f"),
    "a million pages": lambda: one_page_often(1_000_000),
    "a circle of outlines": circling_outline,
    "a circle of structure": circling_structure,
    "a circle of tables": circling_tables,
    "a broken font": broken_font,
    "a hundred megabytes of text": lambda: long_text(100 * MEGABYTE),
    "many links": lambda: many_links(200_000),
    "a huge name": lambda: with_more(b"<< /%s 1 >>" % (b"N" * MEGABYTE)),
    "deep dictionaries": lambda: with_more(b"<</A " * 100_000 + b"1" + b">>" * 100_000),
    "a million objects promised": lambda: with_more().replace(b"/Size 6", b"/Size 2147483647"),
    "locked": locked,
}
"""By name, how each is made."""
