"""Random bytes for every parser of untrusted input; `python -m tests.fuzz --help`.

cbor_tree: a value as a tree that may be written wrongly. shapes: what a dataclass allows there, and
valid examples of it. mutations: changes of a tree. havoc: changes of plain bytes. json_text: the
same for lines of JSON. signing: test keys that sign the same bytes alike. sources: who makes a
parser's inputs. parsers: which parsers there are. running: one parser's inputs and checks. lawful:
whether what was accepted keeps to its declaration. workers: parsers side by side. shrinking: a
failing input made small. reach: which lines ran. report: table and files. corpus/: what once broke.
"""
