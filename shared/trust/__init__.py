"""Who may say what, and how everybody checks it.

keys: P-256 behind a port. sign1: COSE_Sign1 of typed statements. certificates: one key, one
purpose. statements: all that is signed. challenge and passkey: a prescriber's assertion (R18).
session_key: the HMAC key of one armed session (R10). sealing: HPKE to a patient's vault.
"""
