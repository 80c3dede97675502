"""Lesson 1: what the pulses do."""

from mobile.language import mark
from mobile.lessons.lesson import Answer, Lesson

WHAT_TMS_DOES = Lesson(
    id="what-tms-does",
    title=mark("What the band does"),
    drawing="what-tms-does",
    in_words=mark("A head with the band on. Waves go from the band a little way into the head."),
    words=(
        mark(
            "The band makes short magnetic pulses. They go through hair and bone to a small part "
            "of the brain, near its surface, and make the cells there work for a moment."
        ),
        mark("You stay awake. Nothing is put into your body, and nothing stays in it."),
        mark("One session changes little. Many of them work together, over weeks."),
    ),
    question=mark("Why are there so many sessions?"),
    answers=(
        Answer(
            mark("So that I can leave out my medicine"),
            mark(
                "That's for your clinic to say. A medicine that is stopped suddenly can make a "
                "seizure more likely. Please go on with it, and tell the clinic of each change."
            ),
        ),
        Answer(
            mark("Because they work together over weeks"),
            mark("Yes. So a session that is missed isn't a disaster: it's given later."),
            is_right=True,
        ),
        Answer(
            mark("Because something went wrong before"),
            mark("No, nothing went wrong. A course is planned with many sessions from the start."),
        ),
    ),
)
