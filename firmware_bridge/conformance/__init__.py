"""Holds any implementation of docs/protocol.md against it, over the air and from outside only.

- `check`: what a check is; `sections`, `needs`: where it belongs and what it takes; `findings`:
  how it says what it expected and what it got.
- `bench`: the place that checks work at; `wire`: below the link, value by value; `phone`: over it.
- `checks`: the checks, a file a section or two; `table`: all of them in their order.
- `runner`: runs them and leaves off what can't be; `report`, `junit`: what came of it.
- `emulated`, `fixture`: an emulated band as a process, for this and for other projects' tests.

It knows no firmware: the emulator is a process to it as a real band is a radio.
"""
