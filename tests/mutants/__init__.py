"""Breaks the heart of the product in small ways and counts which breaks a test notices.

`changes` writes down every small change, from mutmut's operators and those of `guards`; `selection`
learns which tests run through which block (`blocks`); `warm` and `cold` run them against one change
each; `tally` judges and `page` reports. docs/safety/mutants.md says what the figure means.
"""
