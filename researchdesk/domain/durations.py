"""Stretches of time as a person says them."""


def in_words(seconds: float) -> str:
    """``0.37 s``, ``40 s``, ``7 min``, ``3.5 h``."""
    if seconds < 90:
        return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def spent(seconds: float) -> str:
    """Time spent at something: ``40 s``, ``25 min``, ``1 h 05 min``; ``""`` for none."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min" if minutes else f"{whole} s" if whole else ""
