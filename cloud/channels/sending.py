"""Sends one message over its channel. It says that something waits, of which level, and where to
look: no name, no number of anything that was measured, no word that a patient said."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.alerts.findings import NOW
from cloud.channels import mail, webhook
from cloud.channels.errors import NotSent
from cloud.channels.service import MAIL
from cloud.clock import Clock, instant
from cloud.language import ENGLISH, _, conversation, p_
from cloud.settings import Settings


@dataclass(frozen=True)
class Outgoing:
    """One message as it goes out; ``name`` is the same each time that it is tried again."""

    name: str
    clinic_id: str
    kind: str
    address: str
    key_id: str
    secret: bytes
    level: str
    is_drill: bool
    path: str
    language: str = ENGLISH.code


class Sender:
    """Sends by the operator's settings."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def __call__(self, outgoing: Outgoing) -> None:
        """Send it; raise NotSent unless the other side took it."""
        link = f"{self._settings.origin}{outgoing.path}"
        if outgoing.kind == MAIL:
            self._mail(outgoing, link)
            return
        webhook.call(
            outgoing.address,
            outgoing.secret,
            outgoing.key_id,
            {
                "id": outgoing.name,
                "clinic": outgoing.clinic_id,
                "what": "drill" if outgoing.is_drill else "alert",
                "level": outgoing.level,
                "link": link,
            },
            name=outgoing.name,
            created=instant(self._clock.wall_ms()),
            allow_private=self._settings.webhook_private,
        )

    def _mail(self, outgoing: Outgoing, link: str) -> None:
        settings = self._settings
        if settings.smtp_host is None:
            raise NotSent("mail", "no mail server is set")
        server = mail.Server(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.mail_from,
            settings.smtp_user,
            settings.smtp_password_file,
        )
        with conversation(outgoing.language):
            subject, text = _words(outgoing)
        letter = mail.Letter(outgoing.address, subject, f"{text}\n\n{link}\n", outgoing.name)
        mail.send(server, letter)


def _words(outgoing: Outgoing) -> tuple[str, str]:
    """Subject and text of a mail, in the language that its member chose; no word about health."""
    if outgoing.is_drill:
        return (
            _("Circlet: a drill, please answer"),
            _("This is this week's drill. Open the page and say that it reached you:"),
        )
    level = p_("level", "now") if outgoing.level == NOW else p_("level", "today")
    return (
        _("Circlet: an alert waits ({level})").format(level=level),
        _("An alert of level {level} waits at {clinic}. Open it:").format(
            level=level, clinic=outgoing.clinic_id
        ),
    )
