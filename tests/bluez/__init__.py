"""The link over a real Linux Bluetooth stack: kernel, bluetoothd, D-Bus and bleak's BlueZ backend.

- `__main__`: `make test-bluez`; `image`, `guest`: the small machine that the phone is.
- `surroundings`, `given`: clock, radio and band, which stay outside, and how the guest finds them.
- `guest/`: what the guest does first; `story`: the steps; `phone`, `agent`: what they stand on.

What pytest collects isn't here: the story runs in the guest, in order, and takes minutes.
"""
