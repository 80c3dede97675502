"""The staff course: seven short parts with sources and questions, asked for before a signature.

course.toml: what it says, and how far each source was looked at; course: that file as values;
service: who has done what, and the gate; pages: reading and answering. It certifies nobody.
"""
