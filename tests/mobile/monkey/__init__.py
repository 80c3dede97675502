"""A monkey at the real app: a real window, the real engine, a real band and a clinic.

- `house`: all of that in one process. `monkey`: what it does next. `watch`: what may never happen.
- `ways`: how a person would go home, or a step further. `at_large`: a whole life of one.
- `__main__`: one seed, as a replay.
"""
