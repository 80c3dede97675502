"""What needs a person: raised by rules, in words."""
