"""The hand at the band's button: the emulator's control surface over HTTP, or a person asked.

- `hand`: the port, and the two; `surface`: the control surface's paths; `asking`: a line from the
  terminal.

For the engineer's tool and the conformance suite. Nothing of a real band is reached this way.
"""
