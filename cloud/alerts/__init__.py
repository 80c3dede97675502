"""What needs a person: rules over facts, an alert's life, and who is told.

findings and facts are plain values; rules are pure; service keeps alerts; standing looks at every
patient now and then.
"""
