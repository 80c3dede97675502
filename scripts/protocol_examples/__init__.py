"""The byte-level examples of docs/protocol.md, made from the code with keys that anybody can make.

`annotated` writes CBOR line by line with what each byte says, `talk`, `arming`, `ledger` and
`signed` make the values, `page` puts them into blocks that a test reads back (`reading`).
"""
