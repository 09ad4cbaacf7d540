"""A `gr.HTML` whose links and buttons are events of the page.

An element with `data-event="paper"` sends the event "paper" with all its other data-* values to
Python. The text of the events is data: each handler checks what it is given.

A function and not a subclass, because Gradio writes a .pyi file beside every subclass.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.language.sane import sane

# Gradio finds the custom events of a component by their quoted names in this script.
_SCRIPT = """
const known = [
  'paper', 'shut', 'again', 'example', 'rate', 'talk', 'browse', 'forget', 'chart',
];
const send = (node, extra) => {
  const name = node.dataset.event;
  if (!known.includes(name)) return;
  // Closing the panel gives the focus back to what opened it, which is never in the panel itself.
  if (!node.closest('#panel')) window.quothOpener = node;
  const data = {...node.dataset, ...extra};
  delete data.event;
  trigger(name, data);
};
element.addEventListener('click', (click) => {
  const node = click.target.closest('[data-event]');
  if (!node || node.tagName === 'FORM' || !element.contains(node)) return;
  click.preventDefault();
  send(node, {});
});
element.addEventListener('keydown', (key) => {
  const node = key.target.closest('[role="button"][data-event]');
  if (!node || !['Enter', ' '].includes(key.key)) return;
  key.preventDefault();
  send(node, {});
});
element.addEventListener('submit', (submit) => {
  const form = submit.target.closest('form[data-event]');
  if (!form) return;
  submit.preventDefault();
  send(form, Object.fromEntries(new FormData(form)));
  for (const around of element.querySelectorAll('details[open]')) {
    if (around.contains(form)) around.open = false;
  }
});
"""


def board(value: str = "", **options: Any) -> gr.HTML:
    """A component for HTML made by our own `render_*` functions, with events."""
    return gr.HTML(value=value, js_on_load=_SCRIPT, apply_default_css=False, **options)


def event_data(event: gr.EventData) -> dict[str, str]:
    """What an event of a board carries: the data-* values of what was clicked, as sane text."""
    data = event._data if isinstance(event._data, dict) else {}
    return {str(name): sane(str(value)) for name, value in data.items() if value is not None}
