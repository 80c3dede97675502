"""Recalling bands: which ones, hold them, tell their patients, and how far each has come.

criteria: which bands are meant. finding: those of the clinic, with their hold. acting: holds and
messages, safe to repeat. commands: `circlet-cloud recall`. Not for giving another band: that is a
replacement, on the pages. A recall has no table: who runs the command again sees where it stands.
"""
