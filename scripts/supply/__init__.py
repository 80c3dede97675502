"""What stands in a release and where it came from: pins, files of others, licences, the SBOM.

`pins` reads the lock, `shipping` says which of it goes along, `files` finds the files of others,
`licences` judges, `licence_page` and `sbom` write it down, `wheel` builds twice and compares.
"""
