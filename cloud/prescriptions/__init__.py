"""Prescriptions: drafted here, signed at the desk, relayed; never signed by a server."""
