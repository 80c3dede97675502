"""Record a band's run, and feed it to another day's firmware to see where that differs.

`folder` is what a recording holds; `journal` its steps, one a line, in `steps`. Recording: `latch`
lets time move between steps only, `core` and `pen` write down what reaches the firmware and what it
says, `snoop` what passes to the controller. Replaying: `replay` feeds the steps, `signatures` gives
back the recorded ones where they hold, `differing` says in words what isn't the same. `command` is
the command line.
"""
