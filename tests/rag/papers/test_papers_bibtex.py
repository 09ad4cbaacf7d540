# ruff: noqa: RUF001
"""BibTeX: every word that the author wrote is kept, or it is said that it is not."""

import sys
from io import BytesIO

import pytest

from rag.papers import Rejected, read
from rag.papers.readers.bibtex_entries import fields_of
from rag.papers.rejected import UnusableRecordError
from rag.papers.text.tex import plain
from rag.types import Paper

TEXT = "Mills stand still."


def items(data: str) -> list[Paper | Rejected]:
    return list(read(None, stream=BytesIO(data.encode()), format="bibtex"))


def one(**fields: str) -> Paper:
    fields = {"title": "Mills", "abstract": TEXT, **fields}
    body = ", ".join(f"{name} = {{{value}}}" for name, value in fields.items())
    (paper,) = items(f"@article{{key, {body}}}\n")
    assert isinstance(paper, Paper), paper
    return paper


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"p {\textless} 0.05", "p < 0.05"),
        (r"p \textgreater 0.05", "p > 0.05"),
        (r"{\textbeta}-sheets at 3{\textdegree}", "β-sheets at 3°"),
        (r"\SIrange{1}{5}{ms} and \SI{7}{\percent}", "1-5 ms and 7 %"),
        (r"\SI{5}{\micro\metre\per\second}, \num{1e5}", "5 µm/s, 1e5"),
        (r"\qty{3}{\kilo\gram}, \ang{30}, \numlist{1;2}", "3 kg, 30°, 1, 2"),
        (r"\texttt{GPT}, \textsf{run}, \mbox{van Dyck}", "GPT, run, van Dyck"),
        (r"\verb|exit 50%|", "exit 50%"),
        (r"\unheardof{of words} stay", "of words stay"),
        (r"\ourmodel gains", "ourmodel gains"),
        (r"{one} {two}{three}", "one twothree"),
        ("$70%$ of $x^2$", "70% of x^2"),
        (r"at 20\,{$^\circ$}C, $\pm 2\%$, 10$^{-3}$", "at 20 °C, ± 2%, 10^-3"),
        (r"$x_{ij} \leq \frac{a+1}{b}$", "x_ij ≤ (a+1)/b"),
        (r"$\mathcal{O}(n \log n)$ in $\mathbb{R}^d$", "O(n log n) in R^d"),
        (r"H$_2$O and CO\textsubscript{2}, the 2$^{nd}$", "H2O and CO2, the 2nd"),
        (r"{\ensuremath{\alpha}} and {\textgreek{b}}", "α and β"),
        ("Salt & Pepper at $5-$6", "Salt & Pepper at $5-$6"),
        (r"$\backslash$textit{\{}Nota bene{\}}", "Nota bene"),  # escaped twice
        (r"Nguy{\~\^e}n Th{\'\u a}ng, \'{\i}, \v{s}, G{\u g}", "Nguyễn Thắng, í, š, Gğ"),
        (r"see \under and \url{https://e.org/a_b}", "see under and https://e.org/a_b"),
        (r"$\{a \textbar b\}$", "{a | b}"),
        ("a 5% gain", "a 5% gain"),
        ("it costs $5 a day", "it costs $5 a day"),
        (r"\textcolor{red}{a} \emph{b} {\bf c}", "a b c"),
        (r"as in \cite{roe2020}", "as in [roe2020]"),
        (r"50{\~{}}Hz, \LaTeX{}", "50~Hz, LaTeX"),
        (r"\begin{itemize}\item a\end{itemize}", "* a"),
        (r"\begin{odd} text", r"\begin{odd} text"),
        (r"M{\"u}ller", "Müller"),
    ],
)
def test_tex_stands_for_its_words(tex, text):
    assert plain(tex) == text


def test_braces_deeper_than_any_text_stay_as_they_are():
    deep = "{" * 3000 + "x" + "}" * 3000
    assert plain(deep) == deep
    assert "word" in plain("\\begin{a}" * 900 + "word" + "\\end{a}" * 900)


def test_names_keep_what_stands_in_a_macro():
    paper = one(author=r"\mbox{van Dyck}, Jan and {\textsf{Mill} Society} and {Acme, Inc.}")
    assert paper.authors == ("Jan van Dyck", "Mill Society", "Acme, Inc.")


@pytest.mark.parametrize("between", ["", " ", ", ", " % and then "])
def test_two_entries_on_one_line_are_two(between):
    entry = "@article{%s, title={%s}, abstract={It is %s.}, year=2006}"
    data = entry % ("a", "Ants", "first") + between + entry % ("b", "Bees", "second")
    first, second = items(data)
    assert (first.title, first.abstract) == ("Ants", "It is first.")
    assert (second.title, second.abstract) == ("Bees", "It is second.")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (r"\url{https://e.example/a_b~c%20d?x=1&y=2#z}", "https://e.example/a_b~c%20d?x=1&y=2#z"),
        (r"{\url{https://e.example/a\_b}}", "https://e.example/a_b"),
        (r"\href{https://e.example/a}{here}", "https://e.example/a"),
        (r"https://e.example/a\_b\%20{\textasciitilde}c\&d", "https://e.example/a_b%20~c&d"),
        ("https://e.example/plain", "https://e.example/plain"),
    ],
)
def test_an_address_is_read_out_of_its_tex(url, address):
    assert one(url=url).url == address


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (
            "@article{k, title={A}, abstract={We see x}} and more}, year=2020}",
            "closes it too early",
        ),
        ("@article{k, title={A}, abstract={We see x}}\nand more}", "closes it too early"),
        ("@article{k, title={A}, abstract={We see} x, year=2020}", "not BibTeX at 'x, year"),
        ('@article{k, title={A}, abstract="We "see" x", year=2020}', "not BibTeX at"),
        ("@article{k, title={A}, abstract=longtext}", "the @string 'longtext', which is not"),
        ("@article{k, title={A}, abstract={B c}, abstract={D e}}", "abstract stands in it twice"),
        ("@article{k, title={A}, abstract=}", "has no value"),
        ("@article{k, title={A}, abstract={never closed", "a brace is left open"),
    ],
)
def test_an_entry_of_which_words_would_be_lost_is_rejected(entry, reason):
    rejected, good = items(f"{entry}\n@misc{{g, title={{Good}}, abstract={{It is.}}}}\n")
    assert isinstance(rejected, Rejected) and reason in rejected.reason
    assert good.title == "Good"


def test_strings_are_joined_and_may_name_others():
    data = '@string{a = "Mills "}\n@string(b = a # "stand")\n@misc{k, title=b, abstract=b # { still} # "."}'
    (paper,) = items(data)
    assert (paper.title, paper.abstract) == ("Mills stand", "Mills stand still.")


def test_strings_that_double_each_other_are_bounded():
    data = "@string{a0 = {0123456789}}\n"
    data += "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60))
    found = items(data + f"@misc{{k, title={{Mills}}, abstract={{{TEXT}}}, note = a60}}\n")
    assert all("more than 2,000 characters" in item.reason for item in found[:1])
    assert found[-1].abstract == TEXT


def events(work) -> int:
    """How many calls a piece of work makes, in Python and in C."""
    count = 0

    def seen(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_strings_and_entries_cost_their_sum_not_their_product():
    items("@misc{k, title={Mills}, abstract={a}}")  # what is done once
    work = []
    for size in (200, 400):
        data = "".join(f"@string{{s{n} = {{Journal {n}}}}}\n" for n in range(size))
        data += "".join(
            f"@misc{{k{n}, title={{Mills {n}}}, journal=s{n}, abstract={{a}}}}\n"
            for n in range(size)
        )
        work.append(events(lambda data=data: items(data)))
    assert work[1] < 2.1 * work[0]


def test_a_million_spaces_in_a_name_are_one():
    """Where each space was a place to begin from, this did not end."""
    spaces = " " * 1_000_000
    paper = one(author=f"Roe, Ann{spaces}Eve{spaces}and{spaces}Low, Bo")
    assert paper.authors == ("Ann Eve Roe", "Bo Low")


def test_the_fields_of_an_entry_cost_each_character_once():
    work = []
    for size in (300, 600):
        text = "@misc{k, " + ", ".join(f"f{n} = {{{{a}} b}} # x" for n in range(size)) + "}"
        work.append(events(lambda text=text: fields_of(text, {})))
    assert work[1] < 2.1 * work[0]


@pytest.mark.parametrize(
    ("fields", "paper_id"),
    [
        ({"url": "https://arxiv.org/abs/2003.01234v2"}, "2003.01234"),
        ({"url": "https://e.example/reviews-of-arxiv-2003.01234"}, None),
        ({"url": "https://e.example/?cites=arxiv.org/abs/2003.01234"}, None),
        ({"journal": "arXiv preprint arXiv:2003.01234"}, "2003.01234"),
        ({"journal": "CoRR, abs/2003.01234"}, "2003.01234"),
        ({"doi": "10.48550/arXiv.2003.01234"}, "2003.01234"),
        ({"doi": "https://doi.org/10.1234/Ab"}, "10.1234/Ab"),
        ({"doi": "N/A"}, None),
        ({"doi": "see arXiv 2003.01234"}, None),
    ],
)
def test_what_an_entry_is_known_by(fields, paper_id):
    paper = one(**fields)
    assert (paper.paper_id if not paper.paper_id.startswith("t") else None) == paper_id


def test_spaces_before_what_is_no_field_cost_their_number_once():
    with pytest.raises(UnusableRecordError, match="not BibTeX at"):
        fields_of("@article{k, title={T}," + " " * 300_000 + "x}", {})
