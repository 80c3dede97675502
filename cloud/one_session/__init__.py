"""One session by itself: what the band's verified record says of it, pulse by pulse, and the log.

record: reads the session's own records and no others. log: opens what the phone sealed. story: why
it went as it did, in words. lanes: its drawing, over minutes. pages: the page.
"""
