"""How long and how often: everything in a measurement is bounded by this."""

from dataclasses import dataclass

# A page's beat: a window of this length holds one of each page (chat/sockets.py).
BEAT_S = 15


@dataclass(frozen=True)
class Plan:
    sizes: tuple[int, ...]
    rounds: int
    warm_s: float
    measure_s: float
    # One chat alone may say so much, and then has to wait: a page has an allowance.
    alone_s: float
    at_once: int
    idle_s: float

    @property
    def chats(self) -> int:
        return max(self.sizes)

    def window(self, size: int) -> float:
        return self.alone_s if size == 1 else self.measure_s


FULL = Plan(sizes=(1, 50, 200), rounds=2, warm_s=2, measure_s=BEAT_S, alone_s=2, at_once=20, idle_s=BEAT_S)
QUICK = Plan(sizes=(1, 4, 12), rounds=1, warm_s=0.5, measure_s=1.5, alone_s=1, at_once=8, idle_s=1)
