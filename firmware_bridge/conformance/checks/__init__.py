"""The checks, in files by what they work at; `firmware_bridge.conformance.table` has their order.

- `strangers`: from outside, without a bond; `pairing`: how the bond comes about.
- `framing`, `encoding`, `requests`, `blobs`, `nonces`, `record_access`: below the link, value by
  value, whomever the band belongs to.
- `owning`: the demonstration's clinic takes the band; `statements`, `prescribing`: what it refuses.
- `sitting`, `stopping`: one session. `record`: what of all this stands in the ledger.
- `updating`: the band's firmware.
- `clinic_words`, `phone_words`: what is said around a session. `leaving`: the band is given back.
"""
