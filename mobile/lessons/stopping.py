"""Lesson 4: STOP."""

from mobile.language import mark
from mobile.lessons.lesson import Answer, Lesson

STOP = Lesson(
    id="stop",
    title=mark("STOP"),
    drawing="stop",
    in_words=mark("A phone. The lower third of its screen is red: that is STOP."),
    words=(
        mark(
            "From the moment a session is ready, the lower third of the screen is STOP. Touch it "
            "anywhere. It acts as soon as your finger is on it."
        ),
        mark("After STOP nothing more comes, until you yourself decide to go on."),
        mark("You need no reason, and nobody will be cross with you."),
    ),
    question=mark("A session is merely unpleasant today. May you press STOP?"),
    answers=(
        Answer(
            mark("Only in an emergency"),
            mark("For an emergency, too. But also simply because you want it to stop."),
        ),
        Answer(
            mark("Yes, at any time"),
            mark("Yes. What was given until then counts, and the rest can wait."),
            is_right=True,
        ),
        Answer(
            mark("First I have to call the clinic"),
            mark("No: first STOP, then, if you like, the clinic."),
        ),
    ),
)
