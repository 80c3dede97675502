"""What can go wrong with what the phone's system provides."""

from mobile.language import _


class PlatformError(Exception):
    """Root of this package's errors; `code` is stable, `str()` is a sentence for the person."""

    code = "platform"


class KeyStoreError(PlatformError):
    """Root of the keystore's errors."""

    code = "keystore"


class KeyStoreBroken(KeyStoreError):
    """The keystore is there but can't be read or written."""

    code = "keystore.broken"


class NoticeNotShown(PlatformError):
    """The system shows no notifications, or takes no alarms, of this app."""

    code = "platform.notice_not_shown"


class NotOpened(PlatformError):
    """A number or an address that the system didn't open; `target` is what was to be opened."""

    code = "platform.not_opened"

    def __init__(self, target: str) -> None:
        super().__init__(
            _("This phone couldn't open {target}. Type it in by hand.").format(target=target)
        )
        self.target = target
