"""One database on many machines: Citus, where one PostgreSQL is outgrown (docs/scale.md).

- `classes`: every table's class, in one place, and what may be asked of all clinics at once.
- `described`: a schema as PostgreSQL's catalogue has it. `rules`: what Citus would refuse of it.
- `standing`: how far a database is distributed. `plan`: the steps that are left, in their order.
- `applying`: takes them one by one. `commands`: `circlet-cloud distribute`.

It decides where rows lie and nothing about what is in them.
"""
