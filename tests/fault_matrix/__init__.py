"""Every fault in every phase of a day with the band: what becomes of it, and what a person is told.

- `phases`: the day's phases, and the moment in each; `ills`: the faults, and how each ends;
  `cells`: both together, and why some can't be.
- `stage` (`wires`, `overheard`, `errors`): band, phone and clinic in `simulated_time`;
  `preparing`: what the days before have left.
- `patient`: a person who does what the app says. `cell`: one run of it all.
- `watching`, `words`, `evidence`: what is seen, heard and counted, by means of their own;
  `judging`: the verdict.
- `running`, `result`, `rendering`: many cells, kept; the page. `python -m tests.fault_matrix`.
"""
