"""The short lessons before the first session: own words, one file each, in the order of a session.

A lesson is data: what it says, its picture, and one question whose wrong answers explain. How it's
shown stands in `mobile.presenters.lessons`. Nobody but us has checked these words: a clinic reads
them before it uses them.
"""

from mobile.lessons.feeling import WHAT_TO_FEEL
from mobile.lessons.lesson import Answer, Lesson
from mobile.lessons.not_doing import WHAT_NOT_TO_DO
from mobile.lessons.putting_on import PUTTING_IT_ON
from mobile.lessons.stopping import STOP
from mobile.lessons.the_button import THE_BUTTON
from mobile.lessons.what_tms_does import WHAT_TMS_DOES
from mobile.lessons.when_to_call import WHEN_TO_CALL

LESSONS: tuple[Lesson, ...] = (
    WHAT_TMS_DOES,
    PUTTING_IT_ON,
    THE_BUTTON,
    STOP,
    WHAT_TO_FEEL,
    WHAT_NOT_TO_DO,
    WHEN_TO_CALL,
)

__all__ = ["LESSONS", "Answer", "Lesson"]
