"""The emulated device's hardware: one file for each part, each with faults of its own.

flash, counter, coil, backed_clock, sensors, randomness, identity: the parts, as
`firmware_bridge.emulator.firmware.ports` asks for them. board: all of them over a state folder.
durable: files replaced whole. errors: what a part refuses.
"""
