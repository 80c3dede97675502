"""One file a resource: the record of ours, how it is written as FHIR R4, how it is read back.

A record is a frozen value with units in its names. Codes of public systems stand only where the
thing is exactly what the code says; all else is our own code with words beside it.
"""
