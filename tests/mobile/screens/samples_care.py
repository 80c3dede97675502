"""Messages and what is written between sessions, as their presenters make them of facts."""

from __future__ import annotations

from datetime import UTC, datetime

from mobile.presenters import (
    emergency_numbers,
    entries,
    forms,
    leaving,
    looks,
    messages,
    phones,
    travel,
)
from mobile.presenters.entries import Entry, HubFacts, ListFacts, SharingFacts, StepFacts
from mobile.presenters.leaving import ChangeFacts, Going, ReturnFacts
from mobile.presenters.looks import LooksFacts
from mobile.presenters.messages import AnswerFacts, Letter, LettersFacts
from mobile.presenters.phones import LostFacts, PhonesFacts
from mobile.presenters.standing import Known, Standing
from mobile.presenters.travel import TravelFacts
from mobile.presenters.views import View
from mobile.presenters.words import Now
from mobile.sync.answers import Look
from shared.care.card import ReadySentence
from shared.care.looks import LookKind
from tests.mobile.screens.written import ANOTHER_TIME, LETTER, SLEPT, STOPPED, THANKS, WELCOME
from tests.shared.care.cards import card


def at(text: str) -> int:
    """Return an instant in UTC."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def name_of(code: str) -> str:
    """Return a country's name in the language spoken."""
    country = emergency_numbers.country_of(code)
    assert country is not None
    return country.shown_name


NOW = Now(at("2026-03-06T19:04"), UTC)
CLOSE = bytes(16)
LOOKS = (
    Look("A. Example", ("prescriber",), NOW.wall_ms - 600_000, LookKind.PAGE),
    Look("B. Colleague", ("care-team", "administrator"), NOW.wall_ms - 7_200_000, LookKind.LIST),
    Look("Somebody close", ("caregiver",), NOW.wall_ms - 9_000_000, LookKind.SHARED, CLOSE),
    Look("", (), NOW.wall_ms - 30 * 3_600_000, LookKind.EXPORT),
)
CARD = card(
    ready_sentences=(
        ReadySentence("thanks", THANKS),
        ReadySentence("other", ANOTHER_TIME),
    )
)
ASKED = Letter(
    "a1",
    "Dr. K.",
    LETTER,
    at("2026-03-06T15:20"),
    new=True,
)
ANSWERED = Letter(
    "care/1",
    "",
    f"{THANKS}\n{SLEPT}",
    at("2026-03-06T18:50"),
    call_me=True,
    standing=Standing(Known.ON_SERVER, at("2026-03-06T18:51")),
)
OLD = Letter("a0", "Dr. K.", WELCOME, at("2026-02-20T09:00"))
SHARED = SharingFacts("Demo clinic", shared=True)
ALONE = SharingFacts("Demo clinic", shared=False)
THOUGHT = forms.form_of(forms.THOUGHT_RECORD)
MEDICINE = forms.form_of(forms.MEDICINE)
PLAN = forms.form_of(forms.ACTIVITY_PLAN)
NOTE = forms.form_of(forms.NOTE)
RECORD = Entry(
    "n1",
    forms.THOUGHT_RECORD,
    "e1",
    {
        "situation": "My sister didn't call back on Sunday.",
        "thought": "I'm a burden to everybody.",
        "feeling": "Sad",
        "strength": "80",
        "against": "She called on Monday and laughed about it.",
        "kinder": "She had a full day. It had nothing to do with me.",
        "strength-after": "40",
    },
    at("2026-03-05T20:10"),
)
PLANNED = Entry(
    "n2",
    forms.ACTIVITY_PLAN,
    "e2",
    {"activity": "Ten minutes round the park", "when": "After breakfast"},
    at("2026-03-05T20:30"),
)
TAKEN = Entry(
    "n3",
    forms.MEDICINE,
    "e3",
    {"name": "Paracetamol", "dose": "500 mg", "at": str(at("2026-03-06T18:30"))},
    at("2026-03-06T18:31"),
)
WRITTEN = Entry(
    "n4", forms.NOTE, "e4", {"note": "Ask about the holidays in May."}, at("2026-03-06T12:05")
)

SAMPLES_CARE: dict[str, View] = {
    "messages": messages.list_page(LettersFacts(NOW, CARD, (ANSWERED, ASKED, OLD))),
    "messages-none": messages.list_page(LettersFacts(NOW, CARD, ())),
    "message": messages.letter_page(LettersFacts(NOW, CARD, (ASKED,)), ASKED, (ANSWERED,)),
    "answer": messages.answer_page(AnswerFacts(NOW, CARD, ASKED, "thanks")),
    "answer-empty": messages.answer_page(
        AnswerFacts(NOW, CARD, None, problem=messages.nothing_to_send())
    ),
    "between": entries.hub_page(
        HubFacts(
            "Demo clinic", {forms.NOTE: 2}, frozenset({forms.MEDICINE}), messages.unread_words(1)
        )
    ),
    "entries": entries.list_page(
        ListFacts(NOW, THOUGHT, (RECORD,), SHARED, unfinished="In the shop", removed=True)
    ),
    "entries-medicine": entries.list_page(ListFacts(NOW, MEDICINE, (TAKEN,), SHARED)),
    "entries-note": entries.list_page(ListFacts(NOW, NOTE, (WRITTEN,), ALONE)),
    "entries-none": entries.list_page(ListFacts(NOW, PLAN, (), ALONE)),
    "entry": entries.entry_page(RECORD, THOUGHT, SHARED, NOW),
    "entry-plan": entries.entry_page(PLANNED, PLAN, ALONE, NOW),
    "form": entries.step_page(
        StepFacts(NOW, THOUGHT, THOUGHT.steps[2], 3, 6, {"feeling": "Sad", "strength": "80"})
    ),
    "form-medicine": entries.step_page(
        StepFacts(
            NOW,
            MEDICINE,
            MEDICINE.steps[0],
            1,
            2,
            {"name": "Paracetamol"},
            suggestions=("Paracetamol", "Ibuprofen", STOPPED),
        )
    ),
    "form-time": entries.step_page(
        StepFacts(
            NOW,
            MEDICINE,
            MEDICINE.steps[1],
            2,
            2,
            {**entries.begun(MEDICINE, {}, NOW), "time": "25:70"},
            problem=entries.problem_of(MEDICINE.steps[1], {"time": "25:70"}),
        )
    ),
}

SAMPLES_JOURNEYS: dict[str, View] = {
    "travel": travel.travel_page(
        TravelFacts(
            NOW,
            CARD,
            82,
            NOW.wall_ms - 3_600_000,
            NOW.wall_ms + 6 * 86_400_000,
            NOW.wall_ms + 20 * 3_600_000,
            typed=name_of("GB")[:3],
            found=emergency_numbers.named(name_of("GB")[:3]),
            looked=True,
        )
    ),
    "travel-found": travel.travel_page(
        TravelFacts(
            NOW,
            CARD,
            48,
            NOW.wall_ms - 3_600_000,
            None,
            None,
            typed=name_of("NO"),
            country=emergency_numbers.country_of("NO"),
            looked=True,
        )
    ),
    "new-phone": phones.new_phone_page(
        PhonesFacts(CARD, leads=False, near=True, waiting=3, reachable=True)
    ),
    "lost-phone": phones.lost_phone_page(LostFacts(CARD, True, None, 0)),
    "lost-phone-missing": phones.lost_phone_page(
        LostFacts(CARD, True, ("2026-03-03", "2026-03-05"), 0)
    ),
    "who-looked": looks.looks_page(LooksFacts(NOW, CARD.clinic_name, None)),
    "who-looked-list": looks.looks_page(
        LooksFacts(NOW, CARD.clinic_name, LOOKS, {CLOSE: "Ada Berg"})
    ),
    "who-looked-nobody": looks.looks_page(LooksFacts(NOW, CARD.clinic_name, ())),
    "change-of-clinic": leaving.change_page(ChangeFacts(CARD, 2, True, False, asked=True)),
    "another-band": leaving.another_band_page(CARD, band_is_free=False),
    "return-band": leaving.return_page(ReturnFacts(CARD, Going.READY, near=True, waiting=0)),
    "return-band-done": leaving.return_page(ReturnFacts(CARD, Going.ALL_SENT, True, 0)),
}
SAMPLES_CARE |= SAMPLES_JOURNEYS
