"""A service on this machine for tests of fetching."""

import pytest
from sources_helpers import Service


@pytest.fixture
def serve():
    services = []

    def started(answer):
        services.append(Service(answer))
        return services[-1]

    yield started
    for service in services:
        service.close()
