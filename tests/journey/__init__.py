"""One patient's first day through every real part.

processes and stage: start and stop the parts, which end with whoever started them (tied). app,
band, clinician: hands and eyes at each of them. day: the steps. report: the lines, pictures and
figures. demo: the command. test_day: the same day as a test.
"""
