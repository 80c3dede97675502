"""How fast the app is: each promise as a ratio, or against a frame, of the same run.

- `cold_start` (`bare_window`): the first useful screen against a bare Kivy window.
- `stop` (`living`, `surroundings`): STOP from the touch to the link, with everything else at work.
- `scroll` (`quiet`): a year of history against an empty list.
- `store`: the sealed store against the same one unsealed.
- `memory` (`hour`, `using`, `simulated`): an hour of simulated use against its beginning.
"""
