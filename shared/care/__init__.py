"""What clinic and patient tell each other beside stimulation itself.

card: what the clinic tells each phone of itself. hours: when it's open, whom to call now.
documents: how the clinic's word on a card or a text pack is signed and judged. bodies: what a
phone tells of a person's care. from_clinic: messages, and that somebody has seen something.
caregiver: what somebody close may see, by the patient's word.
"""
