"""How often somebody may guess a password: counted before it is hashed, forgiven if it was right.

A guess counts against three things: the name tried from that address, the address, and the name.
The last has a limit of its own so that many addresses together are held too; but then strangers
could keep a person out. So whoever is known, by a browser or an address from which that name has
logged in before, is counted for themselves and never shares a limit with strangers.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many guesses in so many seconds."""

    guesses: int
    seconds: float


PAIR = Limit(10, 60.0)  # one name from one address, or from a browser that is known
ADDRESS = Limit(30, 60.0)  # all names from one address: a household, an office, a university
NAME = Limit(60, 600.0)  # one name from everywhere
_LONGEST = max(limit.seconds for limit in (PAIR, ADDRESS, NAME))
_MOST_KEYS = 20_000


class Guesses:
    """The guesses of the last minutes.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._made: OrderedDict[Key, deque[float]] = OrderedDict()  # the last used at the end

    def admit(self, *, name: str, address: str, known: str) -> Guess | None:
        """Count a guess; None when it may not be made now.

        Args:
            name: whose password is guessed, whether there is such a person or not.
            address: where the guess comes from.
            known: the browser or address by which this name is known; "" for a stranger.
        """
        if known:
            limits: dict[Key, Limit] = {("known", known, name): PAIR}
        else:
            limits = {
                ("pair", address, name): PAIR,
                ("address", address): ADDRESS,
                ("name", name): NAME,
            }
        now = self._clock()
        with self._lock:
            self._forget(now)
            if any(self._full(key, limit, now) for key, limit in limits.items()):
                return None
            for key in limits:
                self._made.setdefault(key, deque()).append(now)
                self._made.move_to_end(key)
        return Guess(tuple(limits), now)

    def forgive(self, guess: Guess) -> None:
        """Take a guess back: the password was right."""
        with self._lock:
            for key in guess.keys:
                made = self._made.get(key)
                if made and guess.when in made:
                    made.remove(guess.when)
                    if not made:
                        del self._made[key]

    def _full(self, key: Key, limit: Limit, now: float) -> bool:
        made = self._made.get(key)
        while made and made[0] <= now - limit.seconds:
            made.popleft()
        return made is not None and len(made) >= limit.guesses

    def _forget(self, now: float) -> None:
        """Drop what is too old to count, and the least used of too many."""
        while self._made:
            key, made = next(iter(self._made.items()))
            if made and made[-1] > now - _LONGEST and len(self._made) <= _MOST_KEYS:
                return
            del self._made[key]


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess that was counted, so that it can be forgiven."""

    keys: tuple[Key, ...]
    when: float
