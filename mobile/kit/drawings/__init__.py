"""Pictures drawn with the toolkit's own lines: one file each, every state told by shape."""
