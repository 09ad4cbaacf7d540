"""Lets the tests of this folder import their helpers; the running page and the browser."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
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
def quick_config(box_config, tmp_path_factory):
    """An index of its own whose answers are the papers' own words, so that none takes long."""
    folder = tmp_path_factory.mktemp("quick") / "index"
    shutil.copytree(box_config.index, folder)
    return replace(box_config, index=folder, llm=replace(box_config.llm, model="off"))


@pytest.fixture(scope="session")
def quick_page(request, quick_config):
    """The real page without the language model, for all that is not about its writing.

    QUOTH_TESTS_WITH_MODEL=1 has these tests on the page with it too.
    """
    from page_server import served

    if os.environ.get("QUOTH_TESTS_WITH_MODEL"):
        yield request.getfixturevalue("page")
        return
    with served(quick_config) as running:
        assert running.site.loader.wait(seconds=300), "the papers were not opened"
        assert running.site.loader.error is None, running.site.loader.error
        yield running


@pytest.fixture(scope="module")
def cheap_hashes():
    """Where hundreds of passwords are hashed: by the same way, at the least cost."""
    from ui.gate import access

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "_COST", 2)
        patch.setattr(access, "_LANES", 1)
        yield


@pytest.fixture(scope="module")
def browser():
    """Debian's chromium; one a module, since Playwright's event loop would be in the way of others."""
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
