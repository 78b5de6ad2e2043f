"""Time that passes only when somebody sleeps."""

from datetime import UTC, datetime, timedelta


class FakeTime:
    """A clock and a sleep that belong together; ``slept`` keeps every wait in seconds."""

    def __init__(self, start: datetime = datetime(2026, 4, 12, 12, tzinfo=UTC)) -> None:
        self.now = start
        self.slept: list[float] = []

    def clock(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)
