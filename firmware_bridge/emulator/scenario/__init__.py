"""Scenarios: files that say which faults strike a band, where, and with which chance.

`reading` makes one of a file and names whatever is wrong with it by line and field (`errors`);
`command` checks one; `shipped` holds those that come with the emulator. Not for what faults do.
"""
