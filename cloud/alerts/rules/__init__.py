"""The rules, one file a family: facts in, findings with reasons out; no clock, no database.

A number that is clinical says where it is from; every other one is this product's own choice and
stands in `cloud.alerts.thresholds`, where a clinic may change it.
"""
