"""Languages: what is said in each, and whether all of it is."""
