"""Recalling bands: which ones, hold them, tell their patients, and how far each has come.

criteria: which bands are meant. finding: those of the clinic, with their hold. acting: holds and
messages, safe to repeat. models, keeping: the recall that goes on, with what it found. commands:
`circlet-cloud recall`. standing, pages: how far each band has come, on a page. Not for giving
another band: that is a replacement, on the pages.
"""
