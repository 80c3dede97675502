"""The emulated device's hardware: one file for each part, each with faults of its own.

flash over slots, frames, chip and media: log and pages, down to erase blocks and torn bytes.
counter, fuse, backed_clock over cells: what keeps one value. coil over pulse_log, profiles, heat,
battery, sensors: pulses and what they do to the world. randomness, key, identity, buzzer: the rest.
board: all of them over a state folder or over memory. durable: files replaced whole. errors: what a
part refuses.
"""
