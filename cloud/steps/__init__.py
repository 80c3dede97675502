"""One-step acts on a treatment: end it, measure its threshold, take a measured one, allow making
up. Each is a prescription of its own, drafted here and signed at the desk.

kinds says what each does and what undoes it, threshold reads a measurement, pages show and draft.
"""
