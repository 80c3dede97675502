"""Questions put to the patient: questionnaires with their scoring, and safety screening.

All wording is this product's own, written from the published topics, and not validated.
"""
