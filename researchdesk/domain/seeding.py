"""Sources of randomness, each seeded apart."""

import hashlib

SOURCES = ("init", "order", "noise", "augment", "split")
"""Initialisation, data order, noise and dropout, augmentation, split into train and test."""

HYPER = "hyper"
ALL = "all"
TRIAL = "trial"
"""What the number of a seed counts where it is a trial of a sweep."""


def stream_seed(source: str, seed: int) -> int:
    """The 63-bit seed of one source's generator: SHA-256 over the source's name and the seed.

    Streams of different sources, and of neighbouring seeds, share nothing.
    """
    drawn = hashlib.sha256(f"{source}:{seed}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") >> 1


def stream_seeds(seed: int, vary: str = "") -> dict[str, int]:
    """The seed of each source for one run.

    ``vary``: one source, which alone takes ``seed`` while the others take 0; ``hyper``: none takes
    it, as the settings are drawn instead; empty or ``all``: all of them.
    """
    return {
        source: stream_seed(source, seed if vary in ("", ALL, source) else 0) for source in SOURCES
    }


def trial_streams(sweep: int, number: int) -> dict[str, int]:
    """The seed of each source for one trial of the sweep that has the seed ``sweep``.

    All but ``split`` are the trial's own; ``split`` is one for the whole sweep, as an experiment
    with that seed has it, so that all trials are judged on the same validation data.
    """
    own = {source: stream_seed(f"{TRIAL}:{sweep}:{source}", number) for source in SOURCES}
    return own | {"split": stream_seed("split", sweep)}
