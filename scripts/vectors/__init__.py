"""Test vectors for whoever writes the device in another language (`make vectors`).

`lock_inputs`, `signatures`, `schedules` and `ledgers` each write JSON lines; `write` puts them
under build/vectors/ with a manifest. Everything comes from a seed, keys and signatures included.
"""
