"""Sizes of files as a person says them."""


def megabytes(size: float) -> str:
    """So many bytes: ``1,234.5 MB``, of a million bytes each."""
    return f"{size / 1e6:,.1f} MB"
