"""For the whole suite: no socket beyond this machine, and one index of the papers in the box.

Tests use the real models. What takes long to make is made once a run, whoever asks for it first:
`make test` runs two processes, each of which is given whole files of tests.
"""

import functools
import ipaddress
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

SHARED = Path(__file__).parents[1].parent / "shared"
BOX = Path(__file__).parents[1] / "rag" / "data" / "starter.jsonl"

# With one process a core, torch's threads would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1" if "PYTEST_XDIST_WORKER" in os.environ else "2")

# How long an example takes says how busy the machine is.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

SLOW = {"box_config", "browser", "disk"}
"""Fixtures that index the papers in the box, open a browser or mount a disk."""


def pytest_collection_modifyitems(items):
    """Tests with such a fixture are slow, too, and the files that hold slow tests begin first.

    So the quick ones fill up what is left when one process is done before the other.
    """
    for item in items:
        if SLOW & set(item.fixturenames):
            item.add_marker(pytest.mark.slow)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


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


@pytest.fixture(autouse=True, scope="session")
def models_once(request):
    """The real models, each loaded once a process, however many assistants are built in it."""
    if not any(item.get_closest_marker("slow") for item in request.session.items):
        yield  # nothing is to be loaded, nor imported
        return
    from rag import assistant, build

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assistant, "Asker", functools.cache(assistant.Asker))
        for maker, settings_of in (
            (build.encoder, lambda config: config.encoder),
            (build.writer, lambda config: config.llm),
            (build.reader, lambda config: config.reader),
            (build.paper_reader, lambda config: config.reader),
        ):
            patch.setattr(build, maker.__name__, _once(maker, settings_of))
        yield


def _once(maker, settings_of):
    made = {}

    def make(config):
        key = settings_of(config)
        if key not in made:
            made[key] = maker(config)
        return made[key]

    return make


@pytest.fixture(scope="session")
def once_a_run(tmp_path_factory):
    """Has a folder made once a run: `once_a_run(name, make)`, where `make` is given where.

    It is shared between the processes of a run: what may change of it belongs in a copy.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # each process has a folder of its own in it

    def made(name, make):
        folder, begun = shared / f"once-{name}", shared / f"begun-{name}"
        with FileLock(shared / f"once-{name}.lock"):
            if not folder.exists():
                shutil.rmtree(begun, ignore_errors=True)
                make(begun)
                begun.rename(folder)
        return folder

    return made


def index_of_the_box(folder):
    """Makes the index with every core: the other processes of the run wait for it."""
    import torch

    from rag import build
    from rag.config import Config

    threads = torch.get_num_threads()
    torch.set_num_threads(os.cpu_count() or 1)
    try:
        report = build.ingestor(Config(index=folder)).run([BOX])
    finally:
        torch.set_num_threads(threads)
    assert (report.papers, report.rejected) == (253, 0)


@pytest.fixture(scope="session")
def box_config(once_a_run, tmp_path_factory):
    """The configuration of an index of the papers in the box, made with the real encoder."""
    from rag.config import Config

    index = tmp_path_factory.mktemp("box") / "index"
    shutil.copytree(once_a_run("box", index_of_the_box), index)
    return Config(index=index)


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
