"""The questions' side of the encoder: another place for a question, the same for a paper."""

import json
import shutil

import numpy as np
import pytest

from rag.config import OFF, EncoderConfig
from rag.errors import ModelError
from rag.models import adapters
from rag.models.encoder import IN_THE_BOX, Encoder

pytestmark = pytest.mark.slow

QUESTION = "how do owls hunt at night?"
PAPER = "Hearing in Barn Owls\nWe measure how barn owls find mice in the dark by sound alone."
OTHERS = (
    "Ears of Maize\nWe breed maize for yield in dry years.",
    "A Survey of Birdwatchers\nWe ask people which birds they like to see.",
)


@pytest.fixture(scope="module")
def taught():
    return Encoder()


@pytest.fixture(scope="module")
def plain():
    return Encoder(EncoderConfig(adapter=OFF))


def test_a_paper_is_embedded_the_same_and_a_question_is_not(taught, plain):
    assert np.array_equal(taught.embed([PAPER]), plain.embed([PAPER]))
    there, here = taught.ask([QUESTION])[0], plain.ask([QUESTION])[0]
    assert 0.3 < float(there @ here) < 0.999
    assert np.linalg.norm(there) == pytest.approx(1.0, abs=1e-3)


def test_the_adapter_is_part_of_no_index(taught, plain):
    assert taught.name == plain.name


def test_off_asks_as_it_embeds(plain):
    assert np.array_equal(plain.ask([QUESTION]), plain.embed([QUESTION]))


def test_the_paper_that_answers_is_nearest(taught):
    near = taught.embed([PAPER, *OTHERS]) @ taught.ask([QUESTION])[0]
    assert int(np.argmax(near)) == 0


def test_llamaindex_has_the_two_sides_too(taught):
    assert np.allclose(taught.get_query_embedding(QUESTION), taught.ask([QUESTION])[0])
    assert np.allclose(taught.get_text_embedding(PAPER), taught.embed([PAPER])[0])


def test_another_model_has_no_second_side(tmp_path):
    assert not Encoder(EncoderConfig(model=str(tmp_path))).taught


def test_an_altered_or_missing_adapter_is_refused(tmp_path):
    copied = tmp_path / "query"
    shutil.copytree(IN_THE_BOX, copied)
    with (copied / adapters.WEIGHTS).open("ab") as out:
        out.write(b"0")
    with pytest.raises(ModelError, match="sha256"):
        Encoder(EncoderConfig(adapter=str(copied))).ask([QUESTION])
    with pytest.raises(ModelError, match=r"encoder\.adapter=off"):
        Encoder(EncoderConfig(adapter=str(tmp_path))).ask([QUESTION])


def test_the_card_names_what_ships():
    card = json.loads((IN_THE_BOX / adapters.CARD).read_text())
    assert (IN_THE_BOX / adapters.WEIGHTS).stat().st_size < 10_000_000
    assert card["sha256"] and "heads" not in card
