"""Lesson 7: when to call, and whom."""

from mobile.language import mark
from mobile.lessons.lesson import Answer, Lesson

WHEN_TO_CALL = Lesson(
    id="when-to-call",
    title=mark("When to call"),
    drawing="when-to-call",
    in_words=mark("The receiver of a telephone."),
    words=(
        mark(
            "A seizure, a blackout, trouble speaking or seeing, sudden weakness: take the band off "
            "and call {emergency} at once. It happens rarely, and help is quick."
        ),
        mark(
            "Severe headache, ringing in the ears, a burn of the skin, a mood that is much worse "
            "or unusually high: no further session, and call your clinic."
        ),
        mark(
            "Thoughts of ending your life: call at once, by day and by night. You needn't be alone "
            "with them."
        ),
    ),
    question=mark("After a session you can't find your words. What do you do?"),
    answers=(
        Answer(
            mark("Lie down and see how it is tomorrow"),
            mark(
                "Please don't wait with this one. Call {emergency} at once, or let somebody call."
            ),
        ),
        Answer(
            mark("Write a message to the clinic"),
            mark("Messages aren't read at night. Here it's {emergency}, at once."),
        ),
        Answer(
            mark("Call {emergency} at once"),
            mark("Yes. Then let the clinic know. The band is locked when you touch the red box."),
            is_right=True,
        ),
    ),
)
