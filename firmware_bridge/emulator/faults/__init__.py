"""Faults on demand: everything that can go wrong with a band, by name.

`table` has them all, from `body`, `hardware`, `power` and `air`; `fault` says what one is,
`wanted` which values it takes, `reach` what it acts on, `errors` how it is refused. `standing`
knows what stands now and takes it back. `placing` reads where one is to strike, `placements`
strikes: at a time, at an event, or by chance. Not for deciding what the device does then: that is
the firmware's.
"""
