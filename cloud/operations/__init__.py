"""Running the cloud: all processes under one command, readiness, figures, backups."""
