"""Registered systems: other computers of a hospital, which read without anybody being signed in.

SMART's backend services (SMART App Launch 2, HL7): an administrator registers a system with its
public key; it signs a JWT, gets a token for five minutes by it, and reads what its scopes name.
"""
