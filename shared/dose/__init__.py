"""The dose: what was prescribed, what was charged, and whether a session may open now.

lock: the one decision, called alike by device, app and cloud. prescription: what a clinician
signs. totals: windows in bounded memory. ledger: the chained record and what it adds up to.
reasons: why not, in codes and words.
"""
