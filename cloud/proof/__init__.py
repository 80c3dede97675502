"""What is wrong with a device's record: flaws, which stand until they're mended or cleared."""
