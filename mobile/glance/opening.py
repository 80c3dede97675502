"""What a start shows first: Welcome on a new phone, else the last glance, else a word to wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from mobile import files, language
from mobile.glance.leaves import Glance
from mobile.glance.sealed import kept
from mobile.language import _
from mobile.platform.keystore import KeyStore
from mobile.platform.zone import zone_of
from mobile.presenters.appearance import Appearance
from mobile.presenters.views import MessageView, TodayView, Tone, View
from mobile.presenters.words import Now, greeting


@dataclass(frozen=True)
class Opening:
    """The first view with its look; ``help_page`` is behind Emergency, where it has one."""

    view: View
    look: Appearance
    help_page: View | None = None


def system_ms() -> int:
    """The machine's own wall clock, in ms."""
    return time.time_ns() // 1_000_000


def first_view(
    data: Path, open_keys: Callable[[Path], KeyStore], usual: Appearance, wall_ms: int | None
) -> Opening:
    """Return what to show; ``wall_ms`` is None where another clock than the system's counts.

    From here on the language of the look is spoken.
    """
    if not (data / files.STORE).exists():
        from mobile.presenters.welcome import welcome_view

        language.use(usual.language)
        return Opening(welcome_view(), usual)
    glance = kept(data, open_keys(data)) if (data / files.GLANCE).exists() else None
    view = None if glance is None else glance.view_at(wall_ms)
    if glance is None or view is None:
        language.use(usual.language)
        return Opening(_one_moment(), usual)
    language.use(glance.look.language)
    return Opening(_greeted(view, glance, wall_ms), glance.look, glance.help_page)


def _greeted(view: View, glance: Glance, wall_ms: int | None) -> View:
    """The hour of now greets, not the one at which it was kept."""
    if wall_ms is None or not isinstance(view, TodayView):
        return view
    return replace(view, greeting=greeting(Now(wall_ms, zone_of(glance.zone))))


def _one_moment() -> MessageView:
    return MessageView(_("One moment"), _("Looking how things stand ..."), Tone.PLAIN, None, None)
