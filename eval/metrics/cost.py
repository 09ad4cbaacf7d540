"""What answers cost: seconds, by quantile."""

from __future__ import annotations

from collections.abc import Sequence


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which a share of the values lies, interpolated between neighbours.

        h = (n - 1) * share;  value = x[floor(h)] + (h - floor(h)) * (x[floor(h) + 1] - x[floor(h)])

    Args:
        values: in any unit and order.
        share: in [0, 1]; .5 is the median.

    Returns:
        None when there are no values.

    Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, type 7.
    """
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
