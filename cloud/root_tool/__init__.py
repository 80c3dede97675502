"""`circlet-root`: a clinic's root of trust, by files, on a machine without a network.

What it does, one file each: `creating` and `identity` (roots, a whole demonstration), `certifying`,
`revoking`, `rotating`, `accepting`, `showing`. What it rests on: `home` (the clinic's folder),
`register` (numbers given out), `key_folder` and `passwords` (private halves), `request` (from the
signing desk), `files` (whole or not there). `cli`, `key_commands`, `clinic_commands` and `options`
are the command line. No server, and no state but the files that it is given.
"""
