"""Guessing passwords: counted before it is hashed, and it takes nothing from anybody else."""

from __future__ import annotations

import asyncio
import hashlib
import threading

import pytest
from gate_helpers import ADA, BO, ask_gate, asked, locked_gate, log_in, who

from ui.gate import logins as logins_module
from ui.gate.access import hash_password
from ui.gate.gate import BROWSER_COOKIE, LOGIN_COOKIE
from ui.gate.guesses import ADDRESS, NAME, PAIR, Guesses

pytestmark = pytest.mark.usefixtures("cheap_hashes")


@pytest.fixture(scope="module")
def stored(cheap_hashes):
    return {"ada": hash_password(ADA), "bo": hash_password(BO)}


@pytest.fixture
def gate(tmp_path, stored):
    return locked_gate(tmp_path, users=stored)


@pytest.fixture
def hashes(monkeypatch):
    """What is hashed from here on: the costs and the thread of each time."""
    real, made = hashlib.scrypt, []

    def counted(password, **costs):
        work = {key: value for key, value in costs.items() if key != "salt"}
        made.append((work, len(costs["salt"]), threading.current_thread().name))
        return real(password, **costs)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    return made


def at_once(gate, count, *, name, password, peer="10.0.0.9", **options):
    """The statuses of so many login forms sent together."""

    async def all_of_them():
        forms = [{"username": name.format(n), "password": password.format(n)} for n in range(count)]
        return await asyncio.gather(
            *(asked(gate, "POST", "/login", data=form, peer=peer, **options) for form in forms)
        )

    return [reply.status_code for reply in asyncio.run(all_of_them())]


def test_guesses_at_once_are_counted_before_they_are_hashed(gate, hashes):
    statuses = at_once(gate, 60, name="ada", password="wrong guess {}")
    assert sorted(statuses) == [401] * PAIR.guesses + [429] * (60 - PAIR.guesses)
    assert len(hashes) == PAIR.guesses


def test_guesses_at_many_names_are_counted_by_address(gate, hashes):
    for round_ in range(4):
        at_once(gate, 15, name=f"name{round_}-{{}}", password="wrong guess")
    assert len(hashes) == ADDRESS.guesses


def test_guesses_from_many_addresses_are_counted_by_name(gate, hashes):
    statuses = [
        log_in(gate, "ada", f"guess {n}", peer=f"10.1.0.{n}").status_code
        for n in range(NAME.guesses + 5)
    ]
    assert statuses == [401] * NAME.guesses + [429] * 5
    assert len(hashes) == NAME.guesses


def test_guessing_by_header_counts_the_same(gate, hashes):
    for n in range(15):
        ask_gate(gate, headers={"authorization": f"Bearer ada:wrong guess {n}"})
    assert len(hashes) == PAIR.guesses
    assert log_in(gate, "ada", "and by the form").status_code == 429


def test_a_refusal_says_when_to_come_back(gate):
    at_once(gate, 11, name="ada", password="wrong guess {}")
    reply = log_in(gate, "ada", ADA)
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "60")


def test_an_unknown_name_takes_the_same_work_as_a_known_one(gate, hashes):
    assert log_in(gate, "ada", "wrong guess").status_code == 401
    assert log_in(gate, "nobody", "wrong guess").status_code == 401
    for name in ("ada", "nobody"):
        wrong = {"authorization": f"Bearer {name}:wrong guess 2"}
        assert ask_gate(gate, headers=wrong).status_code == 401
    works = [(work, salt) for work, salt, _ in hashes]
    assert len(works) == 4
    assert all(work == works[0] for work in works)


def test_an_unknown_name_is_blocked_like_a_known_one(gate):
    for name in ("ada", "nobody"):
        statuses = at_once(
            gate, 12, name=name, password="wrong guess {}", peer=f"10.2.0.{len(name)}"
        )
        assert sorted(statuses) == [401] * 10 + [429] * 2


def test_hashing_has_threads_of_its_own(gate, hashes):
    at_once(gate, 10, name="ada", password="wrong guess {}")
    threads = {thread for _, _, thread in hashes}
    assert all(thread.startswith("quoth-password") for thread in threads)
    assert len(threads) <= logins_module._HASHING


def test_who_is_logged_in_does_not_wait_for_guesses(gate, hashes, monkeypatch):
    """With every hashing thread held up, those who are in still pass."""
    cookie = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    held, real = threading.Event(), logins_module.matches
    monkeypatch.setattr(logins_module, "matches", lambda *words: held.wait(30) and real(*words))

    async def together():
        forms = [{"username": "bo", "password": f"wrong {n}"} for n in range(8)]
        guesses = [asyncio.create_task(asked(gate, "POST", "/login", data=form)) for form in forms]
        await asyncio.sleep(0)
        seen = [
            (await asked(gate, cookies={LOGIN_COOKIE: cookie}, peer="10.0.0.9")).text
            for _ in range(50)
        ]
        held.set()
        return seen, [(await guess).status_code for guess in guesses]

    seen, statuses = asyncio.run(together())
    assert seen == ["user:ada"] * 50
    assert statuses == [401] * 8


def test_the_line_before_hashing_is_short(gate, monkeypatch):
    held, real = threading.Event(), logins_module.matches
    monkeypatch.setattr(logins_module, "matches", lambda *words: held.wait(30) and real(*words))

    async def together():
        guesses = [
            asyncio.create_task(
                asked(
                    gate,
                    "POST",
                    "/login",
                    data={"username": f"name{n}", "password": "wrong guess"},
                    peer=f"10.3.0.{n}",
                )
            )
            for n in range(logins_module._STRANGERS_WAITING + 16)
        ]
        await asyncio.wait(guesses, return_when=asyncio.FIRST_COMPLETED)
        held.set()
        return [(await guess).status_code for guess in guesses]

    statuses = asyncio.run(together())
    assert sorted(statuses) == [401] * logins_module._STRANGERS_WAITING + [503] * 16


def test_the_same_right_password_at_once_is_one_guess(gate, hashes, monkeypatch):
    """A program that begins with many calls is not taken for somebody who guesses."""
    held, real = threading.Event(), logins_module.matches
    monkeypatch.setattr(logins_module, "matches", lambda *words: held.wait(30) and real(*words))
    header = {"authorization": f"Bearer ada:{ADA}"}

    async def together():
        calls = [asyncio.create_task(asked(gate, headers=header)) for _ in range(40)]
        for _ in range(200):  # each comes as far as it can
            await asyncio.sleep(0)
        held.set()
        return [(await call).text for call in calls]

    assert asyncio.run(together()) == ["user:ada"] * 40
    assert len(hashes) == 1


def test_right_passwords_are_not_counted(gate):
    for _ in range(PAIR.guesses * 2):
        assert log_in(gate, "ada", ADA).status_code == 200


# Nobody is locked out by strangers.


def test_a_session_is_never_locked_out(gate):
    cookie = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    header = {"authorization": f"Bearer ada:{ADA}"}
    assert ask_gate(gate, headers=header).text == "user:ada"
    at_once(gate, 60, name="ada", password="wrong guess {}")
    at_once(gate, 60, name="name{}", password="wrong guess")
    assert who(gate, cookie).text == "user:ada"
    assert ask_gate(gate, headers=header).text == "user:ada", "a header that was right is one too"


def test_guesses_at_one_name_lock_out_no_other_behind_the_same_address(gate):
    at_once(gate, 60, name="ada", password="wrong guess {}")
    assert log_in(gate, "bo", BO).status_code == 200


def test_a_known_browser_logs_in_while_its_address_and_name_are_blocked(gate):
    browser = log_in(gate, "ada", ADA, peer="10.4.0.1").cookies[BROWSER_COOKIE]
    at_once(gate, 60, name="ada", password="wrong guess {}")
    assert log_in(gate, "ada", ADA).status_code == 429
    known = log_in(gate, "ada", ADA, cookies={BROWSER_COOKIE: browser})
    assert known.status_code == 200


def test_a_known_address_logs_in_while_strangers_guess_the_name(gate):
    assert log_in(gate, "ada", ADA, peer="10.5.0.1").status_code == 200
    for n in range(NAME.guesses):
        log_in(gate, "ada", f"guess {n}", peer=f"10.6.0.{n}")
    assert log_in(gate, "ada", ADA, peer="10.6.1.1").status_code == 429, "a stranger waits"
    assert log_in(gate, "ada", ADA, peer="10.5.0.1").status_code == 200


def test_a_known_browser_may_not_guess_without_end_either(gate, hashes):
    browser = log_in(gate, "ada", ADA).cookies[BROWSER_COOKIE]
    hashes.clear()
    statuses = at_once(
        gate, 30, name="ada", password="wrong guess {}", cookies={BROWSER_COOKIE: browser}
    )
    assert statuses.count(401) == len(hashes) == PAIR.guesses


def test_one_name_known_to_a_browser_makes_no_other_known(gate):
    browser = log_in(gate, "ada", ADA, peer="10.7.0.1").cookies[BROWSER_COOKIE]
    for n in range(NAME.guesses):
        log_in(gate, "bo", f"guess {n}", peer=f"10.8.0.{n}")
    reply = log_in(gate, "bo", BO, peer="10.7.0.1", cookies={BROWSER_COOKIE: browser})
    assert reply.status_code == 429


def test_no_block_is_for_ever():
    now = [0.0]
    guesses = Guesses(clock=lambda: now[0])
    admit = lambda: guesses.admit(name="ada", address="a", known="")  # noqa: E731  (read twice)
    assert [admit() is not None for _ in range(12)] == [True] * 10 + [False] * 2
    now[0] = PAIR.seconds + 1
    assert admit() is not None


@pytest.mark.parametrize("count", [1000, 2000])
def test_what_is_kept_of_guesses_has_an_end(count, monkeypatch):
    monkeypatch.setattr("ui.gate.guesses._MOST_KEYS", 500)
    guesses = Guesses(clock=lambda: 0.0)
    for n in range(count):
        guesses.admit(name=f"name{n}", address=f"address{n}", known="")
    assert len(guesses._made) <= 500 + 3
