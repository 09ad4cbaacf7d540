"""The guard of the suite guards."""

import socket

import pytest


def test_connecting_elsewhere_raises():
    with socket.socket() as one, pytest.raises(RuntimeError, match="tried to connect"):
        one.connect(("192.0.2.1", 80))


def test_looking_up_elsewhere_raises():
    with pytest.raises(RuntimeError, match="tried to look up"):
        socket.getaddrinfo("example.org", 80)


def test_this_machine_can_be_reached():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
