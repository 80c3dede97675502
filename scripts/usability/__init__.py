"""`make usability`: six everyday tasks of a clinician, done by a script and counted.

`clinic` is a made-up clinic with its pages, its signing desk, and phones that answer; `hands` does
what a person's hands do and counts it; `tasks` are the six, each judged by what the clinic's
database holds afterwards; `table` writes docs/usability.md. Not a trial with people: it says how
many steps there are, not whether anybody finds them.
"""
