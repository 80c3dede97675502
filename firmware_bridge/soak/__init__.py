"""Hours of simulated use of an emulated band, with random faults, and what they leave behind.

- `stand`: the parts as processes, and a phone in this one; `acts`: what is done with them.
- `measures`: memory, handles and tasks of each process; `verdict`: whether they grew.
- `running`: the hours themselves.

Nothing here judges what the band does: conformance and the fault matrix do.
"""
