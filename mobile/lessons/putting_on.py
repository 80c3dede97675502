"""Lesson 2: putting the band on."""

from mobile.language import mark
from mobile.lessons.lesson import Answer, Lesson

PUTTING_IT_ON = Lesson(
    id="putting-it-on",
    title=mark("Putting the band on"),
    drawing="putting-it-on",
    in_words=mark(
        "A head from the front. The band comes down from above; its button is over the middle of "
        "the face."
    ),
    words=(
        mark("Sit down on a chair with a back. Take off ear-rings, hair clips and hearing aids."),
        mark(
            "Put the band on from above, with its button over the middle of your face. The app "
            "says when it sits right."
        ),
        mark("If it slips during a session, the pulses pause by themselves."),
    ),
    question=mark("The band is on, and you notice that you still wear ear-rings. What now?"),
    answers=(
        Answer(
            mark("Take the band off, then the ear-rings"),
            mark("Yes. Metal near the pulses can move or grow warm."),
            is_right=True,
        ),
        Answer(
            mark("Go on: small ones don't matter"),
            mark(
                "It's easily thought. But small metal can move or grow warm near the pulses, too. "
                "There's always time to take it off first."
            ),
        ),
        Answer(
            mark("Leave this session out"),
            mark("You don't have to. Take them off, and then begin in peace."),
        ),
    ),
)
