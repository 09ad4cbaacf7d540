"""Text that is taken for a word of a table, a number that is no number, JSON without an end."""

import json
import random
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.sets.rewording import reword
from rag.config import load_config
from rag.contract import unmarked
from rag.contract.wire import json_text, read_json
from rag.errors import ConfigError
from rag.language.numerals import LARGEST, LONGEST, bounded, real, whole
from rag.language.sane import one_line, visible
from rag.language.wording import folded
from rag.question.filters.wanted import filters_of
from rag.question.slots import Slot
from rag.question.turns.followups import leaning
from rag.support.quantities import quantities, same_quantity

TAKEN = {"i": "\u0131\u0130", "s": "\u017f", "k": "\u212a"}
"""Letters that IGNORECASE takes for those of ASCII, beside their capitals."""


def in_their_place(words):
    """The words with each of those letters in the place of what it is taken for."""
    for word in words.split():
        for letter, others in TAKEN.items():
            if letter in word:
                yield from (word.replace(letter, other) for other in others)


NUMBERS = "five six seven million thousand half halves twice six-million fifteen sixty dozens"


@pytest.mark.parametrize("word", list(in_their_place(NUMBERS)))
def test_a_number_word_with_letters_taken_for_ascii_is_that_number(word):
    plain = folded(word)
    assert plain.isascii()
    read = [(one.value, one.unit) for one in quantities(f"it takes {word} of them")]
    assert read == [(one.value, one.unit) for one in quantities(f"it takes {plain} of them")]


TAGGED = (
    ("authors_count", "by {} authors"),
    ("authors_count", "{} or more authors"),
    ("limit", "the {} newest"),
    ("date", "from the {} two years"),
    ("date", "the last {} years"),
    ("date", "of {} year"),
)
COUNTED = "five six sixteen fifteen last this past first sixth single"


@pytest.mark.parametrize(("tagged", "word"), list(product(TAGGED, in_their_place(COUNTED))))
def test_a_filter_with_letters_taken_for_ascii_is_read_as_the_plain_word(tagged, word):
    label, frame = tagged
    odd, plain = (Slot(label, frame.format(one), 0, 9) for one in (word, folded(word)))
    today = date(2026, 1, 1)
    assert filters_of([odd], today=today) == filters_of([plain], today=today)


@pytest.mark.parametrize("word", list(in_their_place(COUNTED)))
def test_what_a_question_leans_on_is_read_as_the_plain_word(word):
    options = {"has_own_name": False, "asks_for_papers": False, "filters_only": False}
    odd, plain = (f"what about the {one} paper?" for one in (word, folded(word)))
    assert leaning(odd, **options).numbers == leaning(plain, **options).numbers


def test_phrases_of_any_numbers_are_read():
    generator = random.Random(3)
    said = (
        "last past first five Q4 H1 2023 2023-02-30 13/13/2020 31 feb 99th century at least".split()
    )
    said += "more fewer than - to 0 \u00b2 top since until before '24 1980s dozen hundred".split()
    said += ["9" * 400, "9" * 5_000]
    for _ in range(2_000):
        label = generator.choice(("date", "authors_count", "limit", "popularity", "order"))
        text = " ".join(generator.choices(said, k=generator.randint(1, 6)))
        found = filters_of([Slot(label, text, 0, len(text))], today=date(2024, 2, 29))
        assert (found.author_count_max or 0) <= LARGEST


@pytest.mark.parametrize("word", ["ſhow", "whıch", "ſtudıes", "dataſet", "ıncrease"])  # noqa: RUF001
def test_rewording_reads_letters_taken_for_ascii(word):
    assert word not in reword(f"say {word} it", random.Random(1))


@pytest.mark.parametrize(
    "digits",
    [
        "9" * 400,
        "1" * 5_000,
        "0." + "3" * 400,
        "1" + ",000" * 140,
        "9" * 310 + "%",
        "5" * 400 + "B",
    ],
)
def test_a_number_of_hundreds_of_digits_is_a_word(digits):
    read = quantities(f"It holds {digits} of them, and 30 more.")
    assert [one.value for one in read] == [30.0]
    assert all(same_quantity(one, other) for one in read for other in read)
    assert quantities("hundred " * 400 + "million") == ()


@given(st.text("0123456789.,eE+-\u0663\u00b2\uff15 \ud800", max_size=60))
def test_numbers_out_of_text_are_bounded_or_none(text):
    number, value = whole(text, most=9_999), real(text)
    assert number is None or 0 <= number <= 9_999
    assert value is None or bounded(value) == value
    assert whole("7" * (LONGEST + 1), most=10**60) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, -(10**400)])
def test_what_is_not_finite_is_out_of_bounds(value):
    assert bounded(value) is None


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, "{", b"\xff", "9" * 5_000 + "x"]
)
def test_json_from_outside_is_a_value_or_a_value_error(text):
    with pytest.raises(ValueError):
        read_json(text)


def test_json_numbers_without_an_end_are_read():
    assert read_json("[" + "9" * 5_000 + ", 7]") == [float("inf"), 7]


@given(st.text(st.characters(codec=None)))
def test_json_says_the_same_with_nothing_alive_in_it(text):
    line = json_text({"a": text, text: [1]})
    assert json.loads(line) == {"a": text, text: [1]} if text != "a" else json.loads(line)
    line.encode()
    assert visible(line) == line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;t\x07\x9b31m", "[2J]0;t31m"),
        ("a\u202eb\u2066c\u200b\u2060\ufeff\u00add", "abcd"),
        ("ad\u200dmin\u200c", "admin"),
        ("\u06cc\u200c\u0647", "\u06cc\u200c\u0647"),  # Persian: the joiner shapes the letters
        ("\U0001f469\u200d\U0001f52c", "\U0001f469\u200d\U0001f52c"),
        ("tags\U000e0041\U000e007f", "tags"),
        ("one\u2028two", "one two"),
        ("one\n two", "one\n two"),
    ],
)
def test_what_is_shown_has_nothing_unseen_in_it(text, shown):
    assert visible(text) == shown
    assert visible(shown) == shown
    assert one_line(shown + "\n\tx") == shown.replace("\n ", " ") + " x"


MANY = 300_000
"""Where each place is looked at from each other, a text of so many takes an hour and more."""


@pytest.mark.parametrize(
    ("show", "text", "shown"),
    [
        (one_line, "a" + " " * MANY + "b", "a" + " " * MANY + "b"),
        (one_line, "a" + " " * MANY + "\n" + " " * MANY + "b", "a b"),
        (visible, "\u06cc" + "\u200d" * MANY + "\u06cc", "\u06cc" + "\u200d" * MANY + "\u06cc"),
        (unmarked, "[" + "1" * MANY, "[" + "1" * MANY),
        (unmarked, "[" + "1, " * MANY + "2]", "(" + "1, " * MANY + "2)"),
    ],
    ids=["spaces", "a line end", "joiners", "an open marker", "a marker"],
)
def test_what_is_shown_costs_each_sign_once(show, text, shown):
    assert show(text) == shown


@pytest.mark.parametrize(
    "setting",
    [
        "retrieval.lexical_weight=nan",
        "retrieval.lexical_weight=inf",
        "retrieval.lexical_weight=-1",
        "retrieval.lexical_weight=" + "9" * 400,
        "llm.batch_size=inf",
        "llm.batch_size=0",
        "llm.batch_size=" + "9" * 5_000,
        "index=a\0b",
    ],
)
def test_a_setting_that_is_no_number_is_an_error_of_configuration(setting):
    with pytest.raises(ConfigError, match="wants a"):
        load_config(settings=[setting])


@pytest.mark.parametrize(
    "toml",
    [
        "index = 5",
        "llm = 'x'",
        "[[llm]]\nmodel = 'x'",
        "[llm]\nbatch_size = [1]",
        "[llm]\nbatch_size = 2024-01-01",
        "[llm]\nbatch_size = {a = 1}",
        "[llm]\nbatch_size = inf",
        "[retrieval]\nlexical_weight = nan",
        "[llm]\nbatch_size = " + "9" * 400,
        "[llm]\nbatch_size = " + "9" * 5_000,
        "x = " + "[" * 100_000,
        'index = "a\\u0000"',
        "\0",
    ],
    ids=range(13),
)
def test_toml_of_another_type_is_an_error_of_configuration(tmp_path, toml):
    path = tmp_path / "quoth.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"quoth\.toml"):
        load_config(path)
