"""One patient over time: lanes over one axis, each with the table that it is drawn from.

window: which days are shown. gathered: what is known of them, in a fixed number of queries over
what was summed up before. marks: what a lane consists of. dose, scores, told, events: the lanes.
view: all of them, with the ways to other windows. pages: the part of the patient's page. Nothing
here reads a band's records: a session's own page does (`cloud.one_session`).
"""
