"""Bulk export (FHIR Bulk Data 2, HL7): all patients of a clinic as NDJSON, for a registered system.

A job is asked for, planned by the worker and taken file by file. A file is made when it's asked
for, patient by patient, and kept nowhere: what is at rest is a list of pseudonyms.
"""
