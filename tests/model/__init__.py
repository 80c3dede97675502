"""The dose lock as a model for SPIN: what may never happen, searched through every order of events.

`guards.toml` names every guard; `run.py` checks the models, the mutants and the traces.
"""
