"""The domain: pure values and functions. No I/O, no asyncio, no frameworks.

stimulation: what a pattern is and what may be prescribed at all. dose: prescription, lock,
totals, ledger. trust: keys, signatures, statements. wire: bytes on the air and on the line.
firmware: images and why they are refused. instruments: questionnaires and screening. care: what
clinic and patient tell each other beside stimulation.
"""
