"""What stands on the samples' pages and is nobody's to translate: names, numbers, others' words."""

from __future__ import annotations

from tests.mobile.screens import samples_home as home
from tests.mobile.screens.samples_close import CODE, INVITED
from tests.mobile.screens.spoken import DATA as SPOKEN_DATA

CLINICS = {"Demo clinic", home.CLINIC}
PEOPLE = {"A. Example", "B. Colleague", "Dr. K.", home.SETTINGS.caregiver_name}
NUMBERS = {
    "113",
    "+49 30 23125 010",
    "492 718",
    "demo-clinic-A0B1-CC22-ZY9X",
    "+49 30 23125 020",
    home.NUMBER,
    home.SETTINGS.caregiver_number,
}
TYPED = {
    "A benzodiazepine, stopped",
    "After breakfast",
    "Ask about the holidays in May.",
    "I'm a burden to everybody.",
    "In the shop",
    "My sister didn't call back on Sunday.",
    "Sad",
    "She called on Monday and laughed about it.",
    "She had a full day. It had nothing to do with me.",
    "Ten minutes round the park",
    "25:70",
    CODE,
    INVITED.link.partition("#")[0].replace("/care", "/\ncare"),
    "40",
    "80",
}
WRITTEN_BY_THE_CLINIC = {
    "Hello, your record shows three good sessions this week. How ...",
    "Hello, your record shows three good sessions this week. How is your sleep? Please write or "
    "ask for a call; we can also talk about it on Tuesday.",
    "I can't come then. Please suggest another time.",
    "Thank you, I have read it.",
    "Thank you, I have read it. I slept better since Wednesday. ...",
    "Thank you, I have read it.\nI slept better since Wednesday.",
    "Welcome. We look after you here.",
}
FOR_A_HELPER = {
    "0.1.0",
    "0bad c0de",
    "1",
    "1.4.0",
    "4",
    "Linux 6.1, Python 3.11.7",
    "a91f 03c2",
    "en",
    "link.timeout",
}
OF_OTHERS = {
    "2.3.1, MIT",
    "Atkinson Hyperlegible Next",
    "Circlet",
    "SIL Open Font License 1.1",
    "kivy",
}
DATA = SPOKEN_DATA.union(
    *(CLINICS, PEOPLE, NUMBERS, TYPED, WRITTEN_BY_THE_CLINIC, FOR_A_HELPER, OF_OTHERS),
    {"circlet-record.pdf"},
)
