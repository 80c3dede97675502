"""The ports on a desktop: what its session bus, its commands and its keyring provide.

- `opening`: all of them together. `notices`, `alarms`: notifications over D-Bus by
  `notification_service`; they ring while the app is open.
- `speech`: espeak-ng. `cues`: tones by the system's player. `ways_out`: xdg-open.
- `zone`: the system's time zone.
"""

from mobile.platform.desktop.opening import open_desktop_phone

__all__ = ["open_desktop_phone"]
