"""A made-up clinic, drawn from a seed: patients, bands, phones and staff over years.

Bands write real signed records by the shared lock and fold; everything comes in as it does in
earnest, through ingest's intake and the worker's own tasks.
"""
