"""Who is behind a request: a signed cookie, or a name and password sent with it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict, deque
from pathlib import Path
from threading import Lock

from ui.access import hash_password, matches, read_users

SESSION_SECONDS = 30 * 86_400
# Guessing is slowed down: so many wrong passwords a minute from one address.
_TRIES, _TRY_SECONDS = 10, 60.0
_REMEMBERED = 256


class Logins:
    """The users of an auth file, read again when it changes.

    Args:
        path: the auth file.
        secret: signs the cookies; keep it, and a restart asks nobody to log in again.
    """

    def __init__(self, path: Path, *, secret: bytes) -> None:
        self._path = path
        self._secret = secret
        self._stamp: tuple[int, int] = (0, 0)
        self._users: dict[str, str] = {}
        self._known: OrderedDict[bytes, str] = OrderedDict()
        self._failures: dict[str, deque[float]] = {}
        self._lock = Lock()
        self._decoy = hash_password(secrets.token_hex(8))

    def users(self) -> dict[str, str]:
        """Names and stored passwords as the file has them now."""
        status = self._path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        with self._lock:
            if stamp != self._stamp:
                self._users = read_users(self._path)
                self._stamp = stamp
                self._known.clear()
            return self._users

    def blocked(self, address: str) -> bool:
        """Whether an address has guessed too often lately."""
        with self._lock:
            failures = self._failures.get(address)
            while failures and failures[0] < time.monotonic() - _TRY_SECONDS:
                failures.popleft()
            return bool(failures) and len(failures or ()) >= _TRIES

    def check(self, name: str, password: str, *, address: str) -> bool:
        """Whether a name and password go together; slow on purpose, so call it in a thread."""
        stored = self.users().get(name)
        right = matches(password, stored or self._decoy) and stored is not None
        if not right:
            with self._lock:
                if len(self._failures) > _REMEMBERED:
                    self._failures.clear()
                self._failures.setdefault(address, deque(maxlen=_TRIES)).append(time.monotonic())
        return right

    def by_header(self, header: str, *, address: str) -> str | None:
        """The user of an Authorization header, Basic or `Bearer NAME:PASSWORD`; None: nobody."""
        users = self.users()
        key = hashlib.sha256(header.encode()).digest()
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        name, separator, password = _credentials(header).partition(":")
        if not separator or name not in users or not self.check(name, password, address=address):
            return None
        with self._lock:
            self._known[key] = name
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return name

    def cookie(self, name: str) -> str:
        """A cookie that says who this is, for `SESSION_SECONDS`, until the password changes."""
        until = str(int(time.time()) + SESSION_SECONDS)
        return ".".join((_encoded(name), until, self._sign(name, until)))

    def by_cookie(self, cookie: str) -> str | None:
        """The user of a cookie; None when it is forged, old, or of a user who is no more."""
        try:
            coded, until, signature = cookie.split(".")
            name = base64.urlsafe_b64decode(coded.encode()).decode()
            if name not in self.users() or int(until) < time.time():
                return None
        except (ValueError, binascii.Error):
            return None
        return name if hmac.compare_digest(signature, self._sign(name, until)) else None

    def _sign(self, name: str, until: str) -> str:
        words = "\n".join((name, until, self.users()[name])).encode()
        return hmac.new(self._secret, words, hashlib.sha256).hexdigest()


def kept_secret(path: Path) -> bytes:
    """The secret of a folder, made when there is none, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


def _credentials(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode()
    except (ValueError, binascii.Error):
        return ""


def _encoded(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()
