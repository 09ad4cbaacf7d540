"""Metrics, one a file: pure functions with the formula and its source in the docstring.

A metric that is not defined for a question (no positives, no claims, nothing asked for) returns
None; it never returns 0 in its place. Whoever averages leaves None out and counts it.
"""
