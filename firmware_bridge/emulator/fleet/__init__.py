"""Many bands on one radio, in one process, for load tests.

`running`: radio, bands and their control surfaces, until told to end; `command`: the command line.
Each band is a whole one, with keys, a state folder and a control surface of its own.
"""
