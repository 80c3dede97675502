"""Random schedules over the real code, judged by an oracle of its own: `make campaign`.

- `timeline`: an event loop on simulated time. `air`: the wire between phone and band, with its
  faults. `band`: the band's power, parts and door. `phone`: the app's own session logic over it.
- `clinic`, `kinds`: who signs, and what; worlds that are ready to be treated in, to copy from.
- `actions`, `schedule`: what may happen, and a list of it from a seed. `running`: one schedule.
- `oracle/`: judges a schedule by pulses, signed bytes and the ledger alone; imports nothing of
  shared.dose or the firmware.
- `shrinking`, `campaign`, `report`: many schedules, what they met, and the shortest that fails.
"""
