"""Diagnostics, to be read out on the telephone."""

from __future__ import annotations

import platform
from typing import ClassVar

from mobile.engine.places.about import app_version
from mobile.engine.places.place import Place
from mobile.presenters.diagnostics import DiagnosticFacts, diagnostics_page
from mobile.presenters.link_states import link_state_words
from mobile.presenters.views import View


class Diagnostics(Place):
    """Versions, link, transport; no health value."""

    name: ClassVar[str] = "diagnostics"

    def view(self) -> View:
        """Return the lines."""
        context, enrolment = self.context, self.context.enrolment
        seen, error = context.instants.seen, context.connection.reason
        return diagnostics_page(
            DiagnosticFacts(
                now=context.now,
                app_version=app_version(),
                system=f"{platform.system()} {platform.release()}, Python "
                f"{platform.python_version()}",
                phone_id="" if enrolment is None else enrolment.phone_id[-8:],
                device_id="" if enrolment is None else enrolment.device_id.hex()[:8],
                link_state=link_state_words(context.connection.state),
                last_error=None if error is None else error.code,
                band_firmware=context.band_firmware,
                heard_wall_ms=None if seen is None else seen.wall_ms,
                synced_wall_ms=context.reached_wall_ms,
                waiting=context.store.outbox.waiting(),
                refused=len(context.store.outbox.refusals()),
                for_newer=len(context.store.downstream.unknown()),
                keys_words=context.keys.sentence,
                language=context.appearance.language,
                card_serial=context.card.serial,
            )
        )
