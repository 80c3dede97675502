"""What the band shows on the air, over bumble: it knows bytes and links, and no rule of treatment.

core: what it asks of the firmware. identity: address and resolving key. pairing: who may bond,
and the number on the display. services: the GATT table. outlet: whole messages, framed, in order.
ear: whoever listens to the link. interference: what befalls values on their way, if anything.
records: the Record Access Control Point. link: one phone's connection. face: all of it.
"""
