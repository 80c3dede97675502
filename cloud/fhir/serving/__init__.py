"""The FHIR server: part of the dashboard's process, below /fhir.

- `reader` says who asks: a person who is signed in, or a registered system; `gate` lets them in.
- `capability`: what the server does. `routes`: read, search, $everything.
- `search` reads the parameters, `cursor` the place to go on from, `pages` makes one answer of it.
"""
