"""The oracle: did what happened break one of the eight invariants?

It reads the facts of a world (pulses in true time, signed bytes and messages at the device's door,
records as the cloud got them) and shares no code with the product: its own CBOR reading, its own
signatures, its own arithmetic and figures. `judge` returns every broken rule in words.
"""
