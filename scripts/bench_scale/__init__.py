"""What many clinics cost one of them: two databases of one PostgreSQL, a small and a large one.

`clones` makes a clinic many, by COPY. `triage`, `timeline` and `ingest` ask both in turns, so that
what else the machine does falls on both, and tell ratios. `costs` are what they cost, for
`capacity`, which reckons from them what ten million patients would need (docs/scale.md).
"""
