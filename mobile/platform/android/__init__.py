"""The ports on Android, by pyjnius and the few Java classes of `mobile/android/java`.

- `opening`: all of them together. `bridge`: the one way to Java. `needs`: which of the manifest's
  permissions each adapter stands on.
- `notices`, `alarms`, `speech`, `cues`, `biometrics`, `privacy`, `ways_out`, `links`, `zone`,
  `keystore`: an adapter each. `bluetooth`: what bleak has to be told.

None of this has run on a telephone yet; `docs/android.md` says what is tested and how.
"""

from mobile.platform.android.opening import open_android_phone

__all__ = ["open_android_phone"]
