"""The day's logic, on an event loop in a thread of its own; no toolkit, no pixels.

- `engine`: what other threads call. `life`: opening and closing. `day`: tasks and touches.
- `arrival`, `treating`: the person's ways through a day. `tending`: rounds between
  clinic, phone and band; `errands`, `setting_up`, `own_words`: what a round does at the band.
- `gates`: the answers before a session; `session`: one from arming to its end; `session_log`: its
  log; `softer`: one step down; `under_way`: what a restart finds; `silent_band`: when
  a session's page may be left; `afterwards`: answers after it.
- `flagging`: a red flag's hold; `reaching`, `dialling`: whom the person can call, and the call;
  `card_facts`: the emergency card. `recognising`: whether it's the phone's owner.
- `context`, `screens`: what is known, and where the person is. `showing`, `publishing`: the view.
- `caring`: what the person tells the clinic's care team, what it knows of it, the clinic's card.
- `reminding`, `reminder_facts`, `reminder_settings`: the phone's alarms. `surfaces`: the
  notification with STOP, the hidden window. `cueing`: the session's sounds and vibrations.
- `correspondence`, `entries`: messages with the clinic, what's written between sessions.
- `leading`, `missing`, `staff_word`, `handed_over`: which phone leads, what a lost one never sent,
  what staff signed for the band, and its end. `locking`: why the band is locked, and until when.
- `enrolment`, `ledger_copy`, `plans`, `instants`, `verdict`: the phone's own view of things.
- `answer_book`: what was answered. `wordings`, `text_packs`: in which words it is asked.
- `course_facts`, `further`: the course as its pages show it, and what goes on after it.
- `driving`: what a test script may ask.
"""

from mobile.engine.driving import DriveRefused
from mobile.engine.engine import Engine, build
from mobile.engine.options import Options

__all__ = ["DriveRefused", "Engine", "Options", "build"]
