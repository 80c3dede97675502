"""Firmware releases: an image of the maker's, offered ring by ring, halted where it does harm.

models: a release, the bands named for its first ring, what became of it by the phones' word.
adding: taking an image in, by the maker's signature alone. rings: which band is in which ring.
rates: how bands do with it, beside the others. steps: the next ring, a halt, going on, withdrawing.
watch: the worker's round, which halts. offering: what a phone is told and given. commands:
`circlet-cloud add-release` and `release`. Nothing here makes a band take an image: the band judges
the maker's signature and its own security counter itself (docs/firmware-update.md).
"""
