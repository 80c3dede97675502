"""Who read or did what: one hash chain for each clinic."""
