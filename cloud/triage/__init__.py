"""The list of today as a clinician works with it: who needs somebody, what was done about it.

- `standing`: how each patient stands, for all of a clinic in a fixed number of small queries.
- `choosing`, `saved`: which of them a page shows, and a member's own choices kept by name.
- `rows`: the shown ones with their reasons in words. `visits`: what came since one was last here.
- `contacts`, `snoozing`, `assigning`: calls, what was put off, and whose task it is.
- `pages`, `acts`: the list and what it does. `events`: tells an open page that something changed.
"""
