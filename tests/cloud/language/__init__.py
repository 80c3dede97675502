"""The language that the pages speak."""
