"""The page that asks who you are. It stands before everything else, so it loads nothing."""

from __future__ import annotations

from ui.html.markup import EMPTY, Markup

_STYLE = Markup(
    "<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;display:grid;"
    "place-items:center;min-height:90vh;margin:0}form{display:grid;gap:.7rem;width:min(20rem,90vw)}"
    "h1{font-size:1.4rem;margin:0}label{display:grid;gap:.2rem}input,button{font:inherit;"
    "padding:.6rem;min-height:44px;box-sizing:border-box}[role=alert]{font-weight:700;margin:0}"
    "</style>"
)


def login_html(message: str = "", *, action: str) -> Markup:
    """The form; `message` says why the last try was refused, `action` is where the form goes."""
    alert = Markup('<p role="alert">{}</p>').format(message) if message else EMPTY
    return Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport"'
        ' content="width=device-width,initial-scale=1"><title>Quoth: log in</title>{}</head><body>'
        '<main><form method="post" action="{}"><h1>Quoth</h1>{}<label>Name<input'
        ' name="username" autocomplete="username" required autofocus></label><label>Password<input'
        ' name="password" type="password" autocomplete="current-password" required></label>'
        "<button>Log in</button></form></main></body></html>"
    ).format(_STYLE, action, alert)
