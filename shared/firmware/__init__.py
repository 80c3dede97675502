"""Firmware images as MCUboot has them, and why a band refuses one.

image: the bytes, header and TLVs, read and written exactly. manifest: what stands in an image in
the code's place. signed: making an image, and judging its signature. refusals: every no of an
update, in words. No code is ever exchanged, and nothing here stores or runs an image.
"""
