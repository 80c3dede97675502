"""A whole device in one file: what its parts keep, its identity, its bonds, and when it was.

`archive` writes and reads the file; `loading` makes a device of it, another one unless a test says
otherwise; `command` is the command line. Only for a band that isn't running.
"""
