"""Attesting a band's time: a band asks, a prescriber signs how much has passed for certain (R6).

models keeps what bands asked for, requests takes it in and ends it, offering makes the word that
the band's own verified record allows, pages show it and hand it to the desk.
"""
