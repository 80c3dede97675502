"""The screens: one file a kind of view, each a function from a view to the parts of its page.

`layout_of` chooses by the view's kind, and imports late: a start draws one of them. The words all
come from the view; a screen adds none.
"""

from __future__ import annotations

from mobile.kit.page import Layout
from mobile.presenters.views import (
    AfterView,
    HelpView,
    MessageView,
    PageView,
    PairView,
    ReadyView,
    SessionView,
    TodayView,
    View,
    WelcomeView,
)
from mobile.screens.context import Context


def layout_of(view: View, context: Context) -> Layout:
    match view:
        case WelcomeView():
            from mobile.screens.welcome import welcome

            return welcome(view, context)
        case PairView():
            from mobile.screens.pair import pair

            return pair(view, context)
        case TodayView():
            from mobile.screens.today import today

            return today(view, context)
        case ReadyView():
            from mobile.screens.ready import ready

            return ready(view, context)
        case SessionView():
            from mobile.screens.session import session

            return session(view, context)
        case AfterView():
            from mobile.screens.after import after

            return after(view, context)
        case HelpView():
            from mobile.screens.help import emergency_help

            return emergency_help(view, context)
        case MessageView():
            from mobile.screens.message import message

            return message(view, context)
        case PageView():
            from mobile.screens.page import page_of_blocks

            return page_of_blocks(view, context)
