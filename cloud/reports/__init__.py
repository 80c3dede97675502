"""Course reports: what one patient's band gave in a period, for an insurer or a referring doctor.

period: the days that were asked for. course: gathers. sessions, thresholds, told, proof: its parts.
csv_file: the same as a file. pages: both, for who may open the patient's page.
"""
