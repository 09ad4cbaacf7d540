"""Who may use the page: the file of names and hashed passwords, and the rule of addresses.

Standard library only; the terminal and the page share it.
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import hmac
import ipaddress
import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from rag.contract.terminal import say, write
from rag.errors import UsageError

# OWASP's advice of 2023 for scrypt with 16 MiB: N=2**14, r=8, p=5. About a tenth of a second.
_COST, _BLOCK, _LANES = 2**14, 8, 5
_MEMORY = 64 * 1024 * 1024
LONGEST_NAME = 64
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
SHORTEST_PASSWORD = 8


def hash_password(password: str) -> str:
    """A password as it is stored: scheme, costs, salt and hash in one line."""
    salt = secrets.token_bytes(16)
    made = _derive(password, salt, cost=_COST, block=_BLOCK, lanes=_LANES)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${_text(salt)}${_text(made)}"


def matches(password: str, stored: str) -> bool:
    """Whether a password is the stored one; takes as long when it is not."""
    try:
        _, cost, block, lanes, salt, made = stored.split("$")
        again = _derive(
            password, base64.b64decode(salt), cost=int(cost), block=int(block), lanes=int(lanes)
        )
        return hmac.compare_digest(again, base64.b64decode(made))
    except ValueError as error:
        raise UsageError(f"a password in the auth file is damaged ({error}); set it anew") from None


def read_users(path: Path) -> dict[str, str]:
    """Names and their stored passwords.

    Raises:
        UsageError: the file is missing, unreadable, or not one of ours.
    """
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"no auth file {path}; make one with `quoth auth add NAME --auth {path}`"
        ) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read the auth file {path}: {error}") from error
    users = tree.get("users") if isinstance(tree, Mapping) else None
    if not isinstance(users, dict) or not all(isinstance(v, str) for v in users.values()):
        raise UsageError(f"{path} is not an auth file; make one with `quoth auth add NAME`")
    return users


def write_users(path: Path, users: Mapping[str, str]) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as lines:
        json.dump({"users": dict(users)}, lines, indent=1)
    partial.replace(path)


def require_safe_host(host: str, *, auth: Path | None, public_name: str = "") -> None:
    """Refuse to be reachable from other machines without passwords.

    Args:
        host: the address served on.
        auth: the file of names and passwords.
        public_name: the host name that people open, where there is a proxy before the page.

    Raises:
        UsageError: `host` or `public_name` is not this machine's loopback and nobody has to log in.
    """
    if is_loopback(host) and is_loopback(public_name or host):
        return
    if auth is None:
        asked = f"--public-url with {public_name}" if is_loopback(host) else f"--host {host}"
        raise UsageError(
            f"{asked} would let everybody on the network read your papers and conversations;"
            " add --auth FILE (made with `quoth auth add NAME --auth FILE`), or leave it out"
        )
    if not read_users(auth):
        raise UsageError(f"{auth} names nobody; `quoth auth add NAME --auth {auth}` adds someone")


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def run(action: str, name: str | None, *, path: Path) -> int:
    """`quoth auth add | remove | list`.

    Raises:
        UsageError: a name or password that cannot be taken, or an unknown name to remove.
    """
    if action == "list":
        write("".join(f"{known}\n" for known in sorted(read_users(path))))
        return 0
    if not name or not _NAME.fullmatch(name):
        raise UsageError(
            f"quoth auth {action} wants a NAME of letters, digits and . _ @ -, not {name or ''!r}"
        )
    users = read_users(path) if path.exists() else {}
    if action == "remove":
        if name not in users:
            raise UsageError(f"{path} does not name {name!r}; it names: {', '.join(sorted(users))}")
        del users[name]
    else:
        users[name] = hash_password(_asked_password(name))
    write_users(path, users)
    done = "removed from" if action == "remove" else "may log in by"
    say(f"{name} {done} {path}")
    return 0


def _asked_password(name: str) -> str:
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password of {name}: ")
        if getpass.getpass("The same again: ") != password:
            raise UsageError("the two passwords differ; nothing was changed")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"a password needs at least {SHORTEST_PASSWORD} characters")
    return password


def _derive(password: str, salt: bytes, *, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=32
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
