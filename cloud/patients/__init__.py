"""Patients: enrolling, the list, one patient's page."""
