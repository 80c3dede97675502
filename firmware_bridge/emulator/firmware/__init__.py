"""The device firmware core: rules in plain Python, without Bluetooth, files or clock."""
