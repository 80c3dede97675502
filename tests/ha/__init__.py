"""`make test-ha`: two PostgreSQL nodes under Patroni with etcd on loopback; the primary dies.

`nodes` starts and kills them, `failover` lives through it, `clerk` keeps the audit log busy.
Not collected by pytest: it needs Debian packages of its own, and lives in real time.
"""
