"""Response and forecast of the clinic's own verified cohort (docs/model-card.md).

facts: what is known of one patient's first course. reading: all patients' facts at once. course:
the moments of a course that count, and what is known at each. cohort: who counts, who is left out
and why. relation: adherence against response. model: the forecast's regression, in a process of
its own by child and asking. forecast: one patient's, or why there is none. rows, coarsening,
export: the de-identified file. card: the model card's figures. pages: all of it, for staff.
"""
