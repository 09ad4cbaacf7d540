"""What can be wrong with an index on disk. Every message says what was met and what to do next.

StoreError
├── StoreMissingError     there is no index yet
├── StoreMismatchError    made with another embedder, chunking or layout
├── StoreDamagedError     unreadable; `quoth doctor --repair`
└── StoreBusyError        another process is writing
"""

from __future__ import annotations


class StoreError(Exception):
    """Base of the errors that the store raises on purpose."""


class StoreMissingError(StoreError):
    """No index at the given place."""


class StoreMismatchError(StoreError):
    """The index was made with other settings; the message names stored and wanted."""


class StoreDamagedError(StoreError):
    """A file of the index cannot be read or does not fit the others."""


class StoreBusyError(StoreError):
    """Another process holds the write lock."""
