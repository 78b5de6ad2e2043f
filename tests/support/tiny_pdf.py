"""Whole, small PDFs made by hand, for servers and folders of tests."""


def tiny_pdf(*pages: str, padding: int = 0) -> bytes:
    """A PDF with one page of Helvetica for each text (lines divided by newlines).

    ``padding`` bytes of comment make it larger.
    """
    texts = pages or ("A page.",)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(texts)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, text in enumerate(texts):
        stream = _stream(text)
        objects += [
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources "
                f"<< /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
            ).encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    return _assemble(objects, padding)


def _stream(text: str) -> bytes:
    lines = [
        line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        for line in text.split("\n")
    ]
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    return f"BT /F1 11 Tf 14 TL 72 720 Td {shown} ET".encode("cp1252", "replace")


def _assemble(objects: list[bytes], padding: int) -> bytes:
    body = bytearray(b"%PDF-1.4\n")
    for begin in range(0, padding, 1000):
        body += b"%" + b"x" * (min(1000, padding - begin) - 2) + b"\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % table)
