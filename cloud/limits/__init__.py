"""How often somebody may try: counted in the database, so by all processes together."""
