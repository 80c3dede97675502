"""The patient's app.

presenters: what each screen shows and why, without Kivy. screens and kit: Kivy. engine: the day's
logic on an asyncio loop in a thread of its own. store, sync, platform: records, uploads, keystore.
"""
