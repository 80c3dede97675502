"""How fast the app is, as ratios within one run. `store`: the sealed store against a plain one."""
