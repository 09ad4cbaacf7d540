"""For the whole suite: no socket beyond this machine, and one index of the papers in the box.

Tests use the real models. The index is made once a run, in a folder of its own.
"""

import ipaddress
import os
import socket
import subprocess
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[1].parent / "shared"
BOX = Path(__file__).parents[1] / "rag" / "data" / "starter.jsonl"

# Two test processes on two cores: torch's threads would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "2")


class OutsideError(RuntimeError):
    """A test tried to reach another machine."""


def _is_local(address) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = address[0]
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback or host in ("0.0.0.0", "::")
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def only_this_machine():
    """Connecting anywhere but to loopback raises, in the whole suite."""
    connect, connect_ex, lookup = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guarded(real):
        def call(self, address):
            if not _is_local(address):
                raise OutsideError(f"a test tried to connect to {address}")
            return real(self, address)

        return call

    def guarded_lookup(host, *args, **options):
        if host is not None and not _is_local(
            (host.decode() if isinstance(host, bytes) else host,)
        ):
            raise OutsideError(f"a test tried to look up {host!r}")
        return lookup(host, *args, **options)

    socket.socket.connect = guarded(connect)
    socket.socket.connect_ex = guarded(connect_ex)
    socket.getaddrinfo = guarded_lookup
    yield
    socket.socket.connect, socket.socket.connect_ex = connect, connect_ex
    socket.getaddrinfo = lookup


@pytest.fixture(scope="session")
def box_config(tmp_path_factory):
    """The configuration of an index of the papers in the box, made with the real encoder."""
    from rag import build
    from rag.config import Config

    config = Config(index=tmp_path_factory.mktemp("box") / "index")
    report = build.ingestor(config).run([BOX])
    assert (report.papers, report.rejected) == (253, 0)
    return config


@pytest.fixture(scope="session")
def assistant(box_config):
    """The assistant over the papers in the box, with the bundled models."""
    from rag import build

    return build.assistant(box_config)


@pytest.fixture(scope="session")
def shared():
    """The folder of shared data beside the checkout; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not beside this checkout")
    return SHARED


class Disk:
    """A disk of its own, in memory, whose size and rights can be changed while it is used."""

    def __init__(self, folder):
        self.folder = folder

    def remount(self, *options):
        """Change its options: `size=400k`, `ro`, `rw`."""
        command = ["mount", "-o", ",".join(["remount", *options]), str(self.folder)]
        subprocess.run(command, check=True)


@pytest.fixture
def disk(tmp_path):
    """A `Disk` of 200 MB; skips where mounting is not allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200m", "none", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("needs `mount`")
    if done.returncode:
        pytest.skip(f"needs the right to mount a disk: {done.stderr.strip()}")
    yield Disk(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)
