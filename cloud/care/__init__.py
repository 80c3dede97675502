"""Care beside stimulation: the clinic's card, messages, and what phones tell, sealed."""
