"""Pictures of every page, for the contact sheets of `make screenshots`.

`settings` says how they are drawn, `extra` names the states that no address alone shows.
"""
