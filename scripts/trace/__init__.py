"""`make trace`: from hazards to controls to tests, and back from each rule.

`case` holds the typed rows of docs/safety/hazards.toml and rules.toml, `reading` reads them,
`places` knows what the code defines, `runs` what the last test run and the last model run gave,
`findings` says what doesn't hold, `words` and `pages` write the two documents, `recalled` lists
the figures that nobody has looked up yet. Not for judging whether a control is the right one:
that takes people.
"""
