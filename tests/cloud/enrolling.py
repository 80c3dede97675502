"""What is answered in person before an enrolment, where nothing speaks against it."""

from cloud.patients.asked_before import NO, QUESTIONS

NOTHING_SAID = {question.id: NO for question in QUESTIONS}
