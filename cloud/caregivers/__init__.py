"""Somebody close, by the patient's consent: invited by the phone, shown what it says.

models: the table. service: words of phones, coming in, ending. view: what the page may say.
words: the page's two languages. pages: the way in, and the page. staff_line: what staff read of it.
"""
