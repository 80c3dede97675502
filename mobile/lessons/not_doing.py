"""Lesson 6: what not to do with the band."""

from mobile.language import mark
from mobile.lessons.lesson import Answer, Lesson

WHAT_NOT_TO_DO = Lesson(
    id="what-not-to-do",
    title=mark("What not to do"),
    drawing="what-not-to-do",
    in_words=mark("Three crossed-out pictures: a steering wheel, an ear-ring, two people."),
    words=(
        mark("Don't wear the band while you drive, walk about, or sit in the bath. Sit still."),
        mark("Don't lend it. It's set for you alone, and could harm somebody else."),
        mark(
            "Before each session the app asks about sleep, alcohol, fever and medicines. Answer as "
            "it is: then a session may wait, and that's all that happens."
        ),
    ),
    question=mark("A friend feels low and would like to try your band. What do you say?"),
    answers=(
        Answer(
            mark("No: it's set for me alone"),
            mark("Yes. It's kind to explain it, and to name a doctor who can help your friend."),
            is_right=True,
        ),
        Answer(
            mark("Just this once, and short"),
            mark(
                "It's kindly meant. But what is right for you can bring on a seizure in somebody "
                "else. Please don't."
            ),
        ),
        Answer(
            mark("Yes, if I sit beside them"),
            mark("Being near doesn't make it safe: it's set for you alone. Please don't."),
        ),
    ),
)
