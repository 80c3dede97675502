"""The emulated stimulator: everything of the device but the hardware.

firmware: the rules, in plain Python. parts: flash, coil, clock and the rest as files and
simulations. face: what stands on the air (bumble): advertising, pairing, GATT. device: firmware,
face and time put together. events: what happens, told to listeners. faults: everything that can go
wrong, by name and on demand. scenario: files of faults. control: the surface for buttons, faults
and looking inside, and its page. recording: a run written down, and fed to another firmware. cli:
the `circlet-emulator` command.
"""
