"""The last look at the day, kept so that a start shows it before the store and the band are open.

- `leaves`: what is kept, and which part of it holds at an instant. `written`: views as JSON.
- `sealed`: the file. `opening`: what a start shows first.

Light to import: no store, no Bluetooth, no toolkit. `mobile.presenters.glance` makes it,
`mobile.engine.glancing` keeps it up to date.
"""
