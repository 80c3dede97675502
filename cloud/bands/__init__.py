"""The clinic's bands on one page: whose each is, what it runs, how far its record came.

rows: a band's line and its reasons, what is wrong first; pages: the page. Judging a record is
`cloud.proof`, telling of it `cloud.alerts`.
"""
