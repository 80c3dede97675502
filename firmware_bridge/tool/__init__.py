"""`circlet-device`: an engineer's hands on a band, from a terminal or a script.

- `cli`: the command line; `options`: what the commands share; `exits`: the exit statuses.
- `home`: what is kept between two commands; `reach`: from there to a band that answers.
- `voice`, `plain`: what is printed, for people or as JSON; `errors`: what ends a command.
- `ledger_files`, `judging`: a ledger file as it is written and gone on with, and what it proves.
- One module a command: `scan`, `pair`, `status`, `head`, `records`, `verify`, `demo_keys`,
  `demo_setup`, `arm`, `stop`, `firmware`, `conformance`, `soak`.

It decides nothing about dose, and knows no emulator but by its control surface.
"""
