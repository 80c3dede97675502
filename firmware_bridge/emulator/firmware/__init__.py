"""The device's firmware core: the rules in plain Python, without Bluetooth, file or clock.

core: the device as its shell sees it. commands: the control point, and clinic_word what the clinic
says over it. treatment: an armed or running session, pulse by pulse. journal: the ledger in flash.
ownership: whose device it is and whose word counts. timekeeping: proven time and trusted time.
ports: what is asked of the hardware.
"""
