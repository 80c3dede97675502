"""The patient's app.

presenters: what each screen shows and why, without Kivy. screens and kit: Kivy. engine: the day's
logic on an asyncio loop in a thread of its own. store, sync: records, uploads. platform:
what the phone's system provides. reminders: when to tell the person what. language: its words.
lessons: before the first session. exporting: the person's own data as files. glance: the first view
of a start. android: the build.
"""
