"""Where the page is reached: by which host names, from which sites, through which proxy.

The only place that reads a forwarded header. The gate (ui/gate/gate.py) takes them all out of a
request before it goes on, so that nothing behind the gate can believe one.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rag.errors import UsageError
from ui.gate.access import is_loopback
from ui.gate.replies import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LOOPBACK = (ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("::1/128"))
# What a request may say of other hosts, addresses and servers, whoever invented it. Gradio builds
# addresses from some of these, and connects to them.
FORWARDED = re.compile(
    rb"x-forwarded-.*|forwarded|x-real-ip|x-original-.*|x-gradio-server|x-direct-url"
)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")
_ORIGIN = re.compile(r"https?://(.+)")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# First parts of our own addresses. A proxy may cut the public path off or leave it on, and with one
# of these as public path it could not be told which it did.
_OWN = {"assets", "config", "gradio_api", "login", "logout", "saved", "static", "svelte", "v1"}
_ANYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class Front:
    """The proxy before the page, and the address that people open.

    Args:
        scheme: http or https.
        name: the host name, in lower case, without port and brackets.
        netloc: name and port as a browser sends them.
        path: what every address begins with, "" or "/quoth".
        proxies: whose X-Forwarded-For is believed.
    """

    scheme: str
    name: str
    netloc: str
    path: str
    proxies: tuple[Network, ...]

    @property
    def origin(self) -> str:
        """The site, as browsers name it."""
        return f"{self.scheme}://{self.netloc}"

    def is_proxy(self, address: str) -> bool:
        """Whether who connects from there is a proxy, and so speaks for many people."""
        known = _address(address)
        return known is not None and _trusted(known, self.proxies)


def read_front(public_url: str | None, *, proxies: Sequence[str] = ()) -> Front | None:
    """The front that --public-url and --trusted-proxy describe; None without them.

    Args:
        public_url: the address people open, like https://papers.example.org/quoth.
        proxies: addresses or networks of proxies; with a public URL and none named, a proxy on
            this machine is believed.

    Raises:
        UsageError: what is no such address or network.
    """
    if public_url is None:
        if proxies:
            raise UsageError("--trusted-proxy goes with --public-url: name the address people open")
        return None
    wrong = UsageError(
        f"--public-url wants an address like https://papers.example.org/quoth, not {public_url!r}"
    )
    try:
        parts = urlsplit(public_url)
        port = parts.port
        name = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise wrong from None
    path = parts.path.rstrip("/")
    extra = parts.query or parts.fragment or parts.username or parts.password
    shown = f"[{name}]" if ":" in name else name
    if parts.scheme not in _DEFAULT_PORTS or extra or not _HOST.fullmatch(shown):
        raise wrong
    steps = path.split("/")[1:]
    if not _PATH.fullmatch(path) or {".", ".."} & set(steps):
        raise wrong
    if steps and steps[0] in _OWN:
        raise UsageError(f"--public-url may not begin with {path}: the page itself has such a path")
    usual = port is None or port == _DEFAULT_PORTS[parts.scheme]
    return Front(
        scheme=parts.scheme,
        name=name,
        netloc=shown if usual else f"{shown}:{port}",
        path=path,
        proxies=tuple(map(_network, proxies)) or LOOPBACK,
    )


def refusal(headers: Mapping[str, str], *, host: str, front: Front | None) -> str:
    """Why a request by this host name, or from this site, is refused; "" when it is not.

    Args:
        headers: of the request, names in lower case.
        host: the address served on.
        front: the proxy before it.
    """
    named = headers.get("host", "")
    name = host_name(named)
    if not _served(name, host=host, front=front):
        return _no_such_name(name, host=host, front=front)
    origin = headers.get("origin")
    if origin is None:
        return ""
    if front is not None:
        own = origin.lower() == front.origin
    else:
        site = _ORIGIN.fullmatch(origin.lower())
        own = site is not None and site[1] == named.lower()
    return "" if own else f"requests from other sites are refused (origin {origin})"


def host_name(header: str) -> str:
    """The name in a Host header, in lower case, without port and brackets; "" when it is none."""
    found = _HOST.fullmatch(header)
    return found[1].strip("[]").lower() if found else ""


def caller(scope: Scope, headers: Mapping[str, str], *, front: Front | None) -> str:
    """The address a request comes from, as guesses are counted by it; "" when it is not known.

    X-Forwarded-For counts only when a named proxy sent it, and is read from its end, since
    what stands before the first address that is no proxy of ours is the caller's own invention.
    """
    client = scope.get("client")
    nearest = _address(str(client[0])) if client else None
    if front is not None:
        for part in reversed(headers.get("x-forwarded-for", "").split(",")):
            said = _address(part.strip())
            if nearest is None or said is None or not _trusted(nearest, front.proxies):
                break
            nearest = said
    if isinstance(nearest, ipaddress.IPv6Address):  # one subscriber has a whole /64
        return str(ipaddress.ip_network((nearest, 64), strict=False))
    return str(nearest or "")


def _served(name: str, *, host: str, front: Front | None) -> bool:
    if front is not None:
        return name == front.name
    if is_loopback(host):
        return is_loopback(name)
    if host in _ANYWHERE:
        # By number only: another site can have a name of its own point here, but not a number.
        return is_loopback(name) or _address(name) is not None
    return name == host.strip("[]").lower()


def _no_such_name(name: str, *, host: str, front: Front | None) -> str:
    if front is not None:
        return (
            f"this page is {front.origin}{front.path}/ and not {name!r}; a proxy before it has to"
            " pass the name on (nginx: proxy_set_header Host $host)"
        )
    where, here = "has no name", "the number of its machine"
    if is_loopback(host):
        where, here = "is for this machine only", "127.0.0.1"
    elif host not in _ANYWHERE:
        where, here = f"is {host}", "that"
    return (
        f"this page {where}; open it by {here}, not {name!r}, or have it started with"
        f" --public-url http://{name or 'NAME'}/ if people shall open it by that name"
    )


def _trusted(address: Address, proxies: Sequence[Network]) -> bool:
    return any(address in network for network in proxies)


def _address(text: str) -> Address | None:
    """An IP address, also with a port, as some proxies write it; IPv4 in IPv6 is IPv4."""
    port = re.fullmatch(r"\[([^\]]*)\](?::\d+)?|([\d.]+):\d+", text)
    bare = (port[1] or port[2]) if port else text
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise UsageError(
            f"--trusted-proxy wants an address or network like 10.0.0.2, not {text!r}"
        ) from None
