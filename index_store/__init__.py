"""The store: documents by id, their rows (vectors) and words. It knows nothing of papers.

In one folder:

    manifest.json     names the generation that readers open; replacing it is the commit
    generations/<N>/  what readers read, written whole and never changed (see generation.py)
    chroma/           every row by id: durable as soon as it is embedded (see vectors.py)
    index.lock        held by the one writer

Readers start at `snapshot.open_snapshot`, writers at `writer.open_writer`. Damage is met before it
is copied (files.py), and nothing that holds data is removed by starting anew or by mending.
"""
