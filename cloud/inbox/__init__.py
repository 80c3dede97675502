"""The inbox of alerts: what is open within a person's reach, who was told, and what comes next.

rows: each alert with its ladder; ahead: who is told next and when; duty: who is on call in the days
to come; choice: what is shown of it; taking: taking one on. Raising and telling are `cloud.alerts`
and `cloud.channels`.
"""
