"""Lesson 3: the button on the band."""

from mobile.language import mark
from mobile.lessons.lesson import Answer, Lesson

THE_BUTTON = Lesson(
    id="the-button",
    title=mark("The button on the band"),
    drawing="the-button",
    in_words=mark("A finger on the round button in the middle of the band."),
    words=(
        mark(
            "The app gets a session ready. The button on the band starts it, and you press it. "
            "Nobody can start a session from far away."
        ),
        mark("Pressed while pulses come, the same button ends them at once, without the phone."),
        mark("Pressed for three seconds, it lets a new phone connect."),
    ),
    question=mark("You want the pulses to end, and the phone is out of reach. What now?"),
    answers=(
        Answer(
            mark("Wait until the session is over"),
            mark("You never have to wait. The button on the band ends the pulses at once."),
        ),
        Answer(
            mark("Get up and fetch the phone"),
            mark(
                "You don't need it. The button on the band is nearer, and ends the pulses at once."
            ),
        ),
        Answer(
            mark("Press the button on the band"),
            mark("Yes. It works without the phone, too. Or simply take the band off."),
            is_right=True,
        ),
    ),
)
