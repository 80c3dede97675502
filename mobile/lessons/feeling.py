"""Lesson 5: what is usual to feel."""

from mobile.language import mark
from mobile.lessons.lesson import Answer, Lesson

WHAT_TO_FEEL = Lesson(
    id="what-to-feel",
    title=mark("What you may feel"),
    drawing="what-to-feel",
    in_words=mark("A head with the band on, strokes for tapping above it, waves for clicks at it."),
    words=(
        mark("Each pulse clicks and taps on the scalp. Brow, eyelid or jaw may twitch along."),
        mark(
            "Afterwards the scalp may be tender, and a headache is common. Tell the app: it asks "
            "after each session."
        ),
        mark("If it's too strong, touch Softer during the session. It stays softer until its end."),
    ),
    question=mark("The band taps and clicks, and your eyelid twitches along. What does it mean?"),
    answers=(
        Answer(
            mark("The band is broken"),
            mark("It's easily thought the first time. But tapping and clicks are how it works."),
        ),
        Answer(
            mark("That's usual"),
            mark("Yes. And if you don't like it, touch Softer, or STOP."),
            is_right=True,
        ),
        Answer(
            mark("I must bear it as it is"),
            mark("No. Softer makes it weaker, and STOP ends it: whenever you like."),
        ),
    ),
)
