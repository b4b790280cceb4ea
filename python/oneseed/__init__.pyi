from typing import SupportsIndex

__all__ = ["Report", "seed"]

class Report:
    seed: int
    set: list[tuple[str, str]]
    from_now: list[str]
    too_late: list[str]
    def __init__(
        self, seed: int, set: list[tuple[str, str]], from_now: list[str], too_late: list[str]
    ) -> None: ...

def seed(number: SupportsIndex, *, reexec: bool = False) -> Report: ...
