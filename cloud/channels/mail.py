"""Mail by SMTP, with time-outs; what it says is that something waits, and where."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from cloud.channels.errors import NotSent
from cloud.errors import SetupError

STEP_S = 5.0
"""For each step of the conversation with the server."""


@dataclass(frozen=True)
class Server:
    """Where mail is handed in; ``security`` is starttls, tls or none."""

    host: str
    port: int
    security: str
    sender: str
    user: str | None = None
    password_file: Path | None = None


@dataclass(frozen=True)
class Letter:
    """One mail; ``name`` is the same each time that it is tried again."""

    to: str
    subject: str
    text: str
    name: str


def send(server: Server, letter: Letter) -> None:
    """Hand a mail in; raise NotSent unless the server took it."""
    try:
        with _connected(server) as smtp:
            if server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.user is not None:
                smtp.login(server.user, _password(server))
            smtp.send_message(_message(server, letter))
    except (OSError, smtplib.SMTPException) as problem:
        raise NotSent("mail", type(problem).__name__) from problem


def _connected(server: Server) -> smtplib.SMTP:
    if server.security == "tls":
        tls = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=STEP_S, context=tls)
    return smtplib.SMTP(server.host, server.port, timeout=STEP_S)


def _message(server: Server, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = server.sender, letter.to
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.name}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _password(server: Server) -> str:
    if server.password_file is None:
        raise SetupError("CIRCLET_CLOUD_SMTP_PASSWORD_FILE names no file")
    try:
        return server.password_file.read_text("utf-8").strip()
    except OSError as problem:
        raise SetupError(f"{server.password_file}: {problem.strerror}") from problem
