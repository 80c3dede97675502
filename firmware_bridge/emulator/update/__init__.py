"""The band's two firmware slots: what is sent lands in one, what runs stands in the other.

slots, trailer: an image and MCUboot's marks behind it. steps: work that a power cut interrupts and
the next boot finishes. swap: the two slots change places. upload: an image arrives, resumable.
judging: may this image run here? store: all of it over one board. bootloader: what begins at a
boot. running: the firmware on trial. server: MCUmgr's requests. command: `circlet-emulator image`.
No code is exchanged: an image's manifest says how the emulator is to behave.
"""
