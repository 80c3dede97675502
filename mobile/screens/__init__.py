"""The screens: one file a kind of view, each a function from a view to the parts of its page.

`layout_of` chooses by the view's kind. The words all come from the view; a screen adds none.
"""

from __future__ import annotations

from mobile.kit.page import Layout
from mobile.presenters.views import (
    AfterView,
    DoneView,
    HelpView,
    MessageView,
    PageView,
    PairView,
    QuestionView,
    ReadyView,
    SessionView,
    TodayView,
    View,
    WelcomeView,
)
from mobile.screens.after import after
from mobile.screens.context import Context
from mobile.screens.done import done
from mobile.screens.help import emergency_help
from mobile.screens.message import message
from mobile.screens.page import page_of_blocks
from mobile.screens.pair import pair
from mobile.screens.question import question
from mobile.screens.ready import ready
from mobile.screens.session import session
from mobile.screens.today import today
from mobile.screens.welcome import welcome


def layout_of(view: View, context: Context) -> Layout:
    match view:
        case WelcomeView():
            return welcome(view, context)
        case PairView():
            return pair(view, context)
        case TodayView():
            return today(view, context)
        case QuestionView():
            return question(view, context)
        case ReadyView():
            return ready(view, context)
        case SessionView():
            return session(view, context)
        case AfterView():
            return after(view, context)
        case DoneView():
            return done(view, context)
        case HelpView():
            return emergency_help(view, context)
        case MessageView():
            return message(view, context)
        case PageView():
            return page_of_blocks(view, context)
