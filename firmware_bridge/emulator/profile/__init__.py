"""How long a microcontroller would take: time charged for signatures, flash and the radio.

`figures` has the profiles and their numbers, `work` what each request costs, `meter` counts what
the parts did, `processor` and `airtime` let the time pass on the band's clock. Nothing here is in
the firmware core, which never waits. Coils have profiles of another kind: `parts/profiles.py`.
"""
