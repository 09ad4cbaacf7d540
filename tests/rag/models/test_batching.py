"""Token ids in batches."""

from rag.models import batching


def test_what_shares_a_batch_is_of_like_length():
    rows = [[7] * length for length in (101, 6, 5, 150, 6, 100)]
    told = batching.batches(rows, range(6), most=384)
    assert [i for batch in told for i in batch] == [2, 1, 4, 5, 0, 3]
    assert all(len(batch) * max(len(rows[i]) for i in batch) <= 384 for batch in told)
    assert batching.batches(rows, [3], most=10) == [[3]], "one that is too long stays alone"
    assert batching.batches(rows, [], most=10) == []


def test_so_many_of_the_first_as_their_tokens_allow():
    lengths = [5, 14, 192, 5]
    for count in range(1, len(lengths) + 1):
        tokens = sum(lengths[:count])
        assert batching.affordable(lengths, tokens=tokens) == count
        assert batching.affordable(lengths, tokens=tokens - 1) == max(1, count - 1)
    assert batching.affordable([], tokens=10) == 0
