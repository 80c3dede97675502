"""Patients' phones: enrolment, signed requests, what waits for them."""
