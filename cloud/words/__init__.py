"""What staff sign at the desk beside prescriptions: lifted holds, and whatever else one band takes.

models keeps a word from its draft to the phone, service drafts it and takes its signature in,
signing takes a whole answer of the desk in: prescriptions and words, all of them or none.
"""
