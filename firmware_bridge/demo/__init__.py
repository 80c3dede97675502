"""A clinic made up on the spot, for a band that treats nobody: what its people would sign.

- `keys`: the private keys in one folder, and what a maker puts into an emulated band.
- `clinic`: the clinic's words, signed by them; `plan`: what it prescribes.
- `release`: firmware by its maker.
- `setting_up`: from a new band to one that is cleared to treat; `sitting`: one session.

For the engineer's tool and the conformance suite. A band accepts these keys only where its maker
transferred it to this clinic; for a real clinic's keys there is `circlet-root`.
"""
