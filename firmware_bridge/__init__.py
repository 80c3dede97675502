"""The phone's side of the stimulator, and everything that stands in for real hardware.

- `timebase`: one clock for all processes of a demonstration or a test, and the real one.
- `radio`: a virtual air for Bluetooth LE, and a bleak backend that talks through it.
- `link`: what the app uses: pairing, connection, commands, records, firmware updates.
- `emulator`: the stimulator itself; imported by no other package.
- `demo`: a made-up clinic for bands that treat nobody; `hand`: who presses a band's button.
- `tool`: `circlet-device`; `conformance`: any band against its specification; `soak`: hours of use.
"""
