"""PDFs that want to do something: small, by hand, each a page of text with one thing more."""

import zlib
from collections.abc import Callable

from support.tiny_pdf import tiny_pdf

WORDS = b"BT /F1 11 Tf 72 720 Td (Table 1: Scores of the one method.) Tj ET\n"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_RESOURCES = b"/Resources << /Font << /F1 5 0 R >> >> "


def assembled(*objects: bytes, root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with a right table of them."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root %d 0 R %s>>\n" % (len(objects) + 1, root, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """A stream object, packed."""
    packed = zlib.compress(content, 9)
    head = b"<< /Length %d /Filter /FlateDecode " % len(packed)
    return head + extra + b" >>\nstream\n" + packed + b"\nendstream"


def with_more(
    *more: bytes,
    catalog: bytes = b"",
    page: bytes = b"",
    content: bytes = WORDS,
    font: bytes = _FONT,
) -> bytes:
    """A page of text; ``more`` are objects from 6 on, the others keys of catalog and page."""
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R %s>>" % catalog,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 612 792] "
        + _RESOURCES
        + page
        + b">>",
        stream(content),
        font,
        *more,
    )


def wide_letters(width: int) -> bytes:
    """A page whose font has letters so many thousandths of its size wide; 600 would be usual."""
    widths = b" ".join([b"%d" % width] * 95)
    wide = b" /FirstChar 32 /LastChar 126 /Widths [%s] >>" % widths
    return with_more(font=_FONT.removesuffix(b" >>") + wide)


def link(action: bytes) -> bytes:
    """An annotation over the text that does this when it is clicked."""
    return b"<< /Type /Annot /Subtype /Link /Rect [72 710 300 735] /A << %s >> >>" % action


def linking(action: bytes) -> bytes:
    return with_more(link(action), page=b"/Annots [6 0 R] ")


def _file(name: bytes, content: bytes) -> tuple[bytes, bytes]:
    return (
        b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F 7 0 R >> >>" % (name, name),
        stream(content, b"/Type /EmbeddedFile"),
    )


def _portfolio() -> bytes:
    names = b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >> /Collection << /View /D >> "
    return with_more(*_file(b"../../evil.sh", b"#!/bin/sh\ntouch evil\n"), catalog=names)


def _attached() -> bytes:
    note = b"<< /Type /Annot /Subtype /FileAttachment /Rect [9 9 40 40] /FS 6 0 R >>"
    return with_more(*_file(b"a.exe", b"MZ"), note, page=b"/Annots [8 0 R] ")


def _script(place: str, code: bytes) -> bytes:
    action = b"<< /S /JavaScript /JS (%s) >>" % code
    if place == "open":
        return with_more(action, catalog=b"/OpenAction 6 0 R ")
    if place == "names":
        return with_more(action, catalog=b"/Names << /JavaScript << /Names [(x) 6 0 R] >> >> ")
    if place == "page":
        return with_more(action, page=b"/AA << /O 6 0 R /C 6 0 R >> ")
    field = b"<< /FT /Tx /T (a) /V (b) /Subtype /Widget /Rect [9 9 99 30] /AA << /K 6 0 R >> >>"
    form = b"/AcroForm << /Fields [7 0 R] /CO [7 0 R] >> "
    return with_more(action, field, catalog=form, page=b"/Annots [7 0 R] ")


def _hidden_name() -> bytes:
    """A script under a name that is written in hexadecimal, in a packed object."""
    inner = b"6 0 << /S /#4a#61vaScript /J#53 (app.alert\\(1\\)) >>"
    packed = stream(inner, b"/Type /ObjStm /N 1 /First 4")
    body = bytearray(with_more(packed)[:0])
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 612 792] "
        + _RESOURCES
        + b">>",
        stream(WORDS),
        _FONT,
    ]
    body += b"%PDF-1.7\n"
    places = {}
    for number, content in [*enumerate(objects, 1), (7, packed)]:
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(body)
    rows = b"\0\0\0\0\0\0"
    for number in range(1, 9):
        if number == 6:
            rows += b"\2\0\0\0\7\0"
        else:
            rows += b"\1" + places.get(number, table).to_bytes(4, "big") + b"\0"
    index = stream(rows, b"/Type /XRef /Size 9 /W [1 4 1] /Root 1 0 R")
    return bytes(body + b"8 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (index, table))


def _updated() -> bytes:
    """A second version of the catalog, appended: the first one did nothing."""
    first = with_more(b"<< /S /Launch /F (calc.exe) >>")
    place, before = len(first), first.rindex(b"startxref")
    table = int(first[before:].split()[1])
    added = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R >>\nendobj\n"
    xref = b"xref\n1 1\n%010d 00000 n \n" % place
    tail = b"trailer\n<< /Size 7 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    return first + added + xref + tail % (table, place + len(added))


def _form() -> bytes:
    action = b"<< /S /SubmitForm /F << /FS /URL /F (http://127.0.0.1:9/x) >> /Flags 4 >>"
    return with_more(action, catalog=b"/OpenAction 6 0 R ")


_SCRIPT = b"app.launchURL\\('http://127.0.0.1:9/'\\); this.exportDataObject\\('a'\\)"
_MEDIA = b"<< /Type /Annot /Subtype /RichMedia /Rect [9 9 99 99] /RichMediaContent << >> >>"

ACTING: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "script on opening": (lambda: _script("open", _SCRIPT), ("JavaScript",)),
    "script among names": (lambda: _script("names", _SCRIPT), ("JavaScript",)),
    "script on a page": (lambda: _script("page", _SCRIPT), ("JavaScript",)),
    "script in a form": (lambda: _script("form", _SCRIPT), ("JavaScript",)),
    "script under a hidden name": (_hidden_name, ("JavaScript",)),
    "launch": (
        lambda: linking(b"/S /Launch /F (/bin/touch) /Win << /F (cmd.exe) /P (/c calc) >>"),
        ("actions that start programs",),
    ),
    "launch in an update": (_updated, ("actions that start programs",)),
    "portfolio": (_portfolio, ("embedded files",)),
    "attachment": (_attached, ("embedded files",)),
    "form that sends": (_form, ("forms that send data",)),
    "rich media": (lambda: with_more(_MEDIA, page=b"/Annots [6 0 R] "), ("media",)),
    "link to a file": (
        lambda: linking(b"/S /URI /URI (file:///etc/passwd)"),
        ("links to other files",),
    ),
    "other document": (
        lambda: linking(b"/S /GoToR /F (\\\\\\\\host\\\\share\\\\x.pdf)"),
        ("links to other files",),
    ),
    "link to a script": (lambda: linking(b"/S /URI /URI (javascript:alert\\(1\\))"), ()),
    "link with signs": (lambda: linking(b"/S /URI /URI (http://a/\\033]0;x\\007[/b]<b>%00)"), ()),
    "words of a title": (lambda: with_more(b"<< /Title (On /S /Launch and /JavaScript 1) >>"), ()),
    "html and pdf": (lambda: b"<html><script>x()</script><!--\n" + tiny_pdf("A page."), ()),
    "zip and pdf": (lambda: tiny_pdf("A page.") + b"PK\x05\x06" + bytes(18), ()),
}
"""By name: how it is made, and what is said of it."""
