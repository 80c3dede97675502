"""A patient's records from the database, in pages: no answer reads more rows than its limit.

`asked` says which; `record`, `answers`, `told` and `log` each find what one part of the cloud
keeps; `gatherer` puts them together. Sessions and doses are the rollups of verified records: of a
band's record itself nothing is read.
"""
