"""`circlet-verify`: an offline judge of one ledger file, by the manufacturer's root alone.

`reading` takes the file line by line, `chain` follows numbers, hashes and signed heads, `sessions`
adds up what was given, `verifier` puts them together, `report` and `cli` say it. It imports
`shared` and nothing else of the cloud, so that it can be handed to anybody. docs/verifying.md has
the format. `audit` and `audit_cli` judge a clinic's exported audit log in the same way.
"""
