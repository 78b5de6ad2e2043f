"""The body of a reply, unpacked piece by piece: little on the wire is never much at once."""

import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from researchdesk.domain.clock import Clock
from researchdesk.errors import SourceError

ENCODINGS = "gzip"
"""What of Accept-Encoding can be unpacked here."""
LONGEST = 180.0
"""Seconds in which a reply that is kept in memory must have come."""
_PIECE = 256 * 1024
_PLAIN = {"", "identity"}
_PACKED = {"gzip", "x-gzip", "deflate"}
_ANY_HEADER = 47
"""zlib's ``wbits`` for gzip or zlib, whichever the first bytes are."""


def pieces(response: httpx.Response) -> Iterator[bytes]:
    """The body as it comes, at most a quarter of a megabyte at once; some pieces may be empty.

    httpx unpacks each piece as a whole, and a packing within a packing too: there 64 kB may become
    gigabytes. Raises httpx.DecodingError for a body that is packed otherwise, or cut short.
    """
    named = response.headers.get("Content-Encoding", "").strip().lower()
    if named in _PLAIN:
        yield from response.iter_raw()
        return
    if named not in _PACKED:
        raise httpx.DecodingError("packed in a way that was not asked for")
    unpacker, begun = zlib.decompressobj(_ANY_HEADER), False
    try:
        for raw in response.iter_raw():
            begun, left = True, raw
            while left and not unpacker.eof:
                yield unpacker.decompress(left, _PIECE)
                left = unpacker.unconsumed_tail
        while begun and not unpacker.eof:
            rest = unpacker.decompress(unpacker.unconsumed_tail, _PIECE)
            if not rest:
                raise httpx.DecodingError("cut short")
            yield rest
    except zlib.error as error:
        raise httpx.DecodingError(str(error)) from error


def whole(response: httpx.Response, largest: int, clock: Clock, what: str = "a reply") -> bytes:
    """All of the body, of at most ``largest`` bytes, packed and unpacked.

    Raises SourceError for more, httpx.ReadTimeout where it takes more than three minutes.
    """
    begun, body = clock(), bytearray()
    with in_time(response.close, LONGEST):
        for piece in pieces(response):
            body += piece
            if max(len(body), response.num_bytes_downloaded) > largest:
                raise SourceError(
                    f"{response.url.host} sends {what} without end. It was not read.",
                    "Nothing was changed.",
                )
            if (clock() - begun).total_seconds() > LONGEST:
                raise httpx.ReadTimeout("the reply trickles")
    return bytes(body)


@contextmanager
def in_time(close: Callable[[], None], seconds: float) -> Iterator[Callable[[], None]]:
    """Closes after so many seconds, unless the block ended or what it gives was called.

    httpx bounds only the time between two bytes. The reader then fails as by a lost connection.
    """
    timer = threading.Timer(seconds, close)
    timer.daemon = True
    timer.start()
    try:
        yield timer.cancel
    finally:
        timer.cancel()
