"""How much one socket may send: a bucket that fills by the second."""

import time


class Allowance:
    """Lets `burst` through at once, and `a_second` each second after."""

    def __init__(self, *, burst: int, a_second: float) -> None:
        self.burst = burst
        self.a_second = a_second
        self.left = float(burst)
        self.at = time.monotonic()

    def take(self) -> bool:
        """Use one up; False when there is none left."""
        now = time.monotonic()
        self.left = min(self.burst, self.left + (now - self.at) * self.a_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
