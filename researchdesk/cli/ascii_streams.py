"""Streams that say everything in ASCII: all that a command prints goes through one of them."""

import codecs
import io
import os
import sys

from researchdesk.cli.diagnostics import ASCII, is_ascii
from researchdesk.domain.ascii_text import as_ascii
from researchdesk.domain.terminals import has_ascii_only


def speak(wanted: bool | None) -> None:
    """Have the streams speak so; None: those that go to a terminal, if that has no other signs."""
    for stream in (sys.stdout, sys.stderr):
        only = stream.isatty() and has_ascii_only(os.environ) if wanted is None else wanted
        if isinstance(stream, io.TextIOWrapper) and only != is_ascii(stream):
            codecs.register(_codec)
            stream.reconfigure(encoding=ASCII if only else "utf-8")


def _codec(name: str) -> codecs.CodecInfo | None:
    """Its name is not ``ascii``: click takes that for a mistake, and would write UTF-8."""
    if name != ASCII:
        return None
    return codecs.CodecInfo(_encode, codecs.ascii_decode, incrementalencoder=_Encoder, name=ASCII)


class _Encoder(codecs.IncrementalEncoder):
    def encode(self, text: str, final: bool = False) -> bytes:
        return _encode(text)[0]


def _encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
    return as_ascii(text).encode("ascii"), len(text)
