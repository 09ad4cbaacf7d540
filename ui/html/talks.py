"""The list of conversations, and what a person thinks of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ui.html.markup import EMPTY, Markup, counted, isolated, join
from ui.talk.conversations import Conversation


def conversations_html(conversations: Iterable[Conversation], *, current: str) -> Markup:
    """The conversations of one person, the last used first.

    Args:
        conversations: as listed.
        current: the one on screen.
    """
    items = join(_item(one, current=one.conversation_id == current) for one in conversations)
    if not items:
        return Markup('<p class="facts">Your conversations will be listed here.</p>')
    return Markup('<ul class="talks">{}</ul>').format(items)


def _item(one: Conversation, *, current: bool) -> Markup:
    return Markup(
        '<li{1}><button type="button" class="talk" data-event="talk" data-do="open" data-id="{0}"'
        '{2}>{3}<span class="facts">{4}, {5}</span></button>'
        '<details class="menu"><summary aria-label="More on: {6}">&#8943;</summary><div>'
        '<form data-event="talk" data-do="rename" data-id="{0}"><label>Name<input name="title"'
        ' value="{6}" maxlength="80"></label><button>Rename</button></form>'
        '<p class="exports"><span>Save as</span> <a href="saved/conversation/{0}.md" download>'
        'Markdown</a> <a href="saved/conversation/{0}.json" download>JSON</a></p>'
        '<button type="button" class="danger" data-event="talk" data-do="delete" data-id="{0}">'
        "Delete it for good</button></div></details></li>"
    ).format(
        one.conversation_id,
        Markup(' class="current"') if current else EMPTY,
        Markup(' aria-current="true"') if current else EMPTY,
        isolated(one.title),
        counted(one.turns, "question"),
        _day(one.updated),
        one.title,
    )


def rating_html(turn: str, *, rating: int, comment: str) -> Markup:
    """Thumbs up and down, and after one of them a comment; both are kept with the answer."""
    up = _thumb(turn, "1", "Right", pressed=rating > 0)
    down = _thumb(turn, "-1", "Wrong", pressed=rating < 0)
    if not rating:
        return Markup('<div class="rating">{}{}</div>').format(up, down)
    return Markup(
        '<div class="rating">{}{}<form data-event="rate" data-turn="{}" data-rating="{}">'
        '<label><span class="unseen">What was {} about it</span><input name="comment" value="{}"'
        ' maxlength="2000" placeholder="What was {} about it?"></label><button>Keep</button></form>'
        '<span class="facts">Kept as a case for evaluation.</span></div>'
    ).format(
        up,
        down,
        turn,
        rating,
        "right" if rating > 0 else "wrong",
        comment,
        "right" if rating > 0 else "wrong",
    )


def _thumb(turn: str, value: str, label: str, *, pressed: bool) -> Markup:
    # A second click on a pressed thumb takes the rating back. The thumb is drawn, because not
    # every machine has a font with one.
    return Markup(
        '<button type="button" class="thumb" data-event="rate" data-turn="{}" data-rating="{}"'
        ' aria-pressed="{}"><svg viewBox="0 0 24 24" aria-hidden="true" class="{}">'
        '<path d="M7 21H4V10h3zM9 21V10l4-8c1.5 0 2.5 1 2.2 2.6L14.5 9H20c1 0 1.7 1 1.5 2l-1.6 8.4'
        'c-.2 1-1 1.6-2 1.6z"></path></svg>{}</button>'
    ).format(
        turn,
        "0" if pressed else value,
        "true" if pressed else "false",
        "up" if label == "Right" else "down",
        label,
    )


def _day(updated: str) -> str:
    """A moment in local time, as short as it stays clear."""
    moment = datetime.fromisoformat(updated).astimezone()
    today = datetime.now().astimezone()
    return moment.strftime("%H:%M" if moment.date() == today.date() else "%Y-%m-%d")
