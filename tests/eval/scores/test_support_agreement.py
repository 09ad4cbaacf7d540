"""The stored agreement of the support check: read, told beside figures, measured anew."""

import hashlib
import json
import lzma

import pytest

from eval.scores import support_agreement
from eval.scores.support_agreement import Agreement, Measured, agreement_line, measured
from lab.bench import agreement
from rag.errors import InputError

ONE = Agreement(
    data="some pairs",
    figure="macro-F1",
    value=0.714,
    majority=0.331,
    count=12,
    file="bench/pairs.jsonl",
    sha256="0" * 64,
)


def test_what_is_stored_is_of_both_data_sets_and_told_beside_figures():
    found = measured()
    assert [(one.data, one.figure) for one in found.agreements] == [
        ("AttributionBench dev", "macro-F1"),
        ("SciFact claims", "supported-or-not accuracy"),
    ]
    for one in found.agreements:
        assert 0 <= one.value <= 1
        assert f"{one.figure} {one.value:.2f} on {one.count} pairs of {one.data}" in agreement_line(
            found
        )


def test_figures_of_other_weights_say_so():
    weights = hashlib.sha256(support_agreement.WEIGHTS.read_bytes()).hexdigest()
    line = agreement_line(Measured(date="2026-01-02", weights=weights, agreements=(ONE,)))
    assert "measured 2026-01-02: macro-F1 0.71 on 12 pairs of some pairs (0.33 by" in line
    old = Measured(date="2026-01-02", weights="other", agreements=(ONE,))
    assert "measured 2026-01-02, before the check was changed: macro-F1" in agreement_line(old)


def test_no_measurement_is_said_and_a_damaged_one_is_an_error(tmp_path):
    assert "is not measured yet" in agreement_line(measured(tmp_path / "none.json"))
    (tmp_path / "damaged.json").write_text('{"date": "2026-01-02"}')
    with pytest.raises(InputError, match=r"damaged.json cannot be read .*lab.bench.agreement"):
        measured(tmp_path / "damaged.json")


def test_measuring_asks_the_check_about_every_pair(tmp_path, capsys):
    bench = tmp_path / "bench"
    (bench / "attributionbench").mkdir(parents=True)
    (bench / "scifact").mkdir()
    told = "The corpus has forty recordings of seven owls."
    pairs = [
        {
            "id": f"a{place}",
            "claim": claim,
            "references": [told],
            "attribution_label": "attributable" if right else "not attributable",
        }
        for place, (claim, right) in enumerate(
            [(told, True), ("The corpus has ninety recordings.", False)] * 5
        )
    ]
    _write(bench / "attributionbench" / "dev.jsonl", pairs)
    _write_scifact(bench / "scifact")
    agreement.main(["--shared", str(tmp_path), "--out", str(tmp_path / "found.json")])
    found = measured(tmp_path / "found.json")
    assert found.current
    assert (found.agreements[0].value, found.agreements[0].count) == (1.0, 10)
    assert found.agreements[0].majority == pytest.approx((2 * 5 / 15) / 2)
    assert found.agreements[1].count == 6
    assert "macro-F1 1.00 on 10 pairs" in capsys.readouterr().out


def _write(path, trees):
    path.write_text("".join(json.dumps(tree) + "\n" for tree in trees), encoding="utf-8")


def _write_scifact(folder):
    """Six claims over one abstract: two of each label."""
    text = "Owls were recorded at night. Forty recordings hold calls. Rain did not matter."
    with lzma.open(folder / "corpus.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"id": "7", "title": "Owls", "text": text}) + "\n")
    labels = ["SUPPORT", "CONTRADICT", "NOT_ENOUGH_INFO"] * 2
    _write(
        folder / "claims.jsonl",
        [
            {
                "id": str(place),
                "claim": f"Claim {place}: owls were recorded at night.",
                "label": label,
                "cited_doc_ids": ["7"],
                "evidence": []
                if label == "NOT_ENOUGH_INFO"
                else [{"doc_id": "7", "label": label, "sentences": [0]}],
            }
            for place, label in enumerate(labels)
        ],
    )
