"""`circlet-root`: a clinic's root of trust, by files, on a machine without a network.

`identity` makes a whole demonstration; `certifying` issues single certificates; `request` reads
what the signing desk puts out; `files` writes keys and never overwrites. It is no server and has
no state but the files that it is given.
"""
