"""The tasks of `make usability`, as tests."""
