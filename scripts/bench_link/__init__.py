"""How fast the link is, against bare notifications and bare round trips of the same run.

Radio, band, bare peripheral and phone are processes of their own, as in the product. `past`: a band
with 30 sessions. `bare`: what is compared with. `processes`, `world`: all that runs. `transfers`,
`round_trips`, `losses`, `month`: what is measured. `bounds`: what the air alone allows. Rows,
limits, verdicts: `scripts.bench`.

`.venv/bin/python -m scripts.bench_link` prints the table and fails where a limit is missed.
"""
