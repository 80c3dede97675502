"""The phone's side of the stimulator, and everything that stands in for real hardware.

- `timebase`: one clock for all processes of a demonstration or a test, and the real one.
- `radio`: a virtual air for Bluetooth LE, and a bleak backend that talks through it.
- `link`: what the app uses: pairing, connection, commands, transfer of records.
- `emulator`: the stimulator itself; imported by no other package.
"""
