"""The tree of errors. Every error says what was met and what to do next.

QuothError
├── UsageError            the call itself is wrong (exit 2)
│   └── ConfigError       an unknown key, or a value of the wrong type
├── InputError            a file or record that cannot be read
│   └── FetchError            a service that cannot be asked, or answers otherwise than documented
├── IndexError_           the index on disk
│   ├── IndexMissingError     there is none yet
│   ├── IndexMismatchError    made with another embedder or chunking
│   ├── IndexDamagedError     unreadable; `quoth doctor --repair`
│   ├── IndexFullError        no space is left on its disk
│   └── IndexBusyError        another process is writing
├── OutputError           the results cannot be written where they should go
├── ModelError            a model that is missing, altered, or failed while running
├── UnforeseenError       something broke inside that nobody foresaw
└── StoppedError          the user asked to stop; what was computed so far is kept
"""

from __future__ import annotations


class QuothError(Exception):
    """Base of all errors raised on purpose: one line with the value and the next step."""


class UsageError(QuothError):
    """The call is wrong; nothing was done."""


class ConfigError(UsageError):
    """A configuration key or value is wrong; the message names the nearest valid one."""


class InputError(QuothError):
    """A file or a record cannot be read; the message names file and line."""


class FetchError(InputError):
    """A service cannot be asked for papers; the message says what to do next."""


class OutputError(QuothError):
    """The results cannot be written where they should go; the message says why."""


class IndexError_(QuothError):
    """Something is wrong with the index on disk."""


class IndexMissingError(IndexError_):
    """No index at the given place."""


class IndexMismatchError(IndexError_):
    """The index was made with another embedder or chunking; names stored and wanted."""


class IndexDamagedError(IndexError_):
    """The index cannot be read; the message says how to repair it."""


class IndexFullError(IndexError_):
    """The disk is full; what was committed is whole, what was embedded is kept."""


class IndexBusyError(IndexError_):
    """Another process is writing to the index."""


class ModelError(QuothError):
    """A model is missing, its weights are not the pinned ones, or it failed while running."""


class UnforeseenError(QuothError):
    """Something broke that nobody foresaw: a fault of the program; names the place to report."""


class StoppedError(QuothError):
    """The user asked to stop."""
