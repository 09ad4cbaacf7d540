"""Lets the tests of this folder import their helpers; the running page and the browser."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def page(box_config):
    """The real page over the papers in the box, with the bundled models, ready to answer."""
    from page_server import served

    with served(box_config) as running:
        assert running.site.loader.wait(seconds=300), "the models did not load"
        assert running.site.loader.error is None, running.site.loader.error
        yield running


@pytest.fixture(scope="session")
def browser():
    """Debian's chromium."""
    from page_server import FLAGS, chromium
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def person(browser):
    """Makes people: each has a browser of their own, whose outside requests are counted."""
    from person import Person

    people = []

    def make(url: str, **options):
        one = Person(browser, url, **options)
        people.append(one)
        return one

    yield make
    for one in people:
        one.leave()
