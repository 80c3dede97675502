"""What the clinic knows of a patient, sealed under keys that can be destroyed."""
