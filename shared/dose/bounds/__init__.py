"""The envelope's checks, one file for each thing that is bounded; `shared/dose/envelope.py` runs
them.

violation: what a broken limit says. validity, thresholds, amounts, supervision: figures against the
absolute limits. patterns: a part's pulses. protocol, course: against the catalogue's entry.
replacement, titration: what these kinds ask besides, or instead.
"""
