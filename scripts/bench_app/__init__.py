"""How fast the app is: each promise as a ratio, or against a frame, of the same run.

- `cold_start` (`bare_window`): the first useful screen against a bare Kivy window.
- `store`: the sealed store against the same one unsealed.
"""
