"""Small linear models: what they learn, and what they are held to."""

import numpy as np
import pytest

from lab.training.fitting import fit_listwise


@pytest.fixture
def groups():
    """Right rows are high in the second feature; the first says nothing."""
    generator = np.random.default_rng(0)
    made = []
    for _ in range(40):
        rows = generator.normal(size=(6, 2)) * [1.0, 5.0]
        made.append((rows, (np.arange(6) == rows[:, 1].argmax()).astype(float)))
    return made


def raw(entry):
    return np.array(entry["weight"]) / np.array(entry["scale"])


def test_what_tells_right_from_wrong_gets_the_weight(groups):
    first, second = fit_listwise(groups)["weight"]
    assert second > 5 * abs(first)


def test_weights_stay_near_what_they_are_held_to_and_nearer_the_more_they_are(groups):
    towards = np.array([3.0, -1.0])
    near, far = (raw(fit_listwise(groups, decay=d, towards=towards)) for d in (0.5, 0.01))
    assert np.abs(near - towards).sum() < np.abs(far - towards).sum()
    assert far[1] > near[1] > towards[1]
    assert raw(fit_listwise(groups, steps=0, towards=towards)) == pytest.approx(towards, abs=1e-5)
