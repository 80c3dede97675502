"""The clinic's bands: one page of them all, and how a patient gets another one.

rows: a band's line and its reasons, what is wrong first; pages: that page. predecessor: what a
course got from its old band; successor: the prescription for the new one; replacing_pages,
letting_go_pages: from there to the desk; taking_over: what a signature changes. retiring: out of
use for good. Judging a record is `cloud.proof`, telling of it `cloud.alerts`.
"""
