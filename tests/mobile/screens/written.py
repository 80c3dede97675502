"""What a clinic or a person writes themselves, in the language of the picture that it stands on.

No catalogue has it: a clinic in Germany writes its advice in German.
"""

from __future__ import annotations

from mobile.language import current


def written(english: str, german: str, arabic: str) -> str:
    """Return the words in the language spoken now."""
    return {"de": german, "ar": arabic}.get(current().code, english)


CRISIS_LINE = written(
    "Crisis line, day and night", "Krisentelefon, Tag und Nacht", "خط الأزمات، ليلا ونهارا"
)
NIGHT_LINE = written("Night line", "Nachttelefon", "خط الليل")
ADVICE = written(
    "Go where people are: the kitchen, the café at the corner.",
    "Gehen Sie dorthin, wo Menschen sind: in die Küche, in das Café an der Ecke.",
    "اذهب إلى حيث يوجد الناس: المطبخ أو المقهى القريب.",
)
OWN_SIGNS = written(
    "I stop answering the telephone, and I sleep by day.",
    "Ich gehe nicht mehr ans Telefon, und ich schlafe am Tag.",
    "لا أرد على الهاتف، وأنام في النهار.",
)
OWN_HELPS = written(
    "A walk by the lake. Music. Not deciding anything at night.",
    "Ein Gang am See. Musik. Nachts nichts entscheiden.",
    "المشي عند البحيرة. الموسيقى. ألا أقرر شيئا في الليل.",
)
SOMEBODY = written("Ines, my sister", "Ines, meine Schwester", "إيناس، أختي")
THANKS = written("Thank you, I have read it.", "Danke, ich habe es gelesen.", "شكرا، لقد قرأتها.")
ANOTHER_TIME = written(
    "I can't come then. Please suggest another time.",
    "Da kann ich nicht. Bitte nennen Sie mir eine andere Zeit.",
    "لا أستطيع الحضور حينها. أرجو اقتراح موعد آخر.",
)
STOPPED = written(
    "A benzodiazepine, stopped", "Ein Benzodiazepin, abgesetzt", "بنزوديازيبين، تم إيقافه"
)
LETTER = written(
    "Hello, your record shows three good sessions this week. How is your sleep? Please write or "
    "ask for a call; we can also talk about it on Tuesday.",
    "Guten Tag, Ihre Aufzeichnung zeigt drei gute Sitzungen in dieser Woche. Wie schlafen Sie? "
    "Schreiben Sie bitte, oder bitten Sie um einen Anruf; wir können auch am Dienstag darüber "
    "sprechen.",
    "مرحبا، يظهر سجلك ثلاث جلسات جيدة هذا الأسبوع. كيف نومك؟ اكتب لنا أو اطلب اتصالا؛ ويمكننا أيضا "
    "أن نتحدث عنه يوم الثلاثاء.",
)
SLEPT = written(
    "I slept better since Wednesday.",
    "Ich schlafe besser seit Mittwoch.",
    "أنام أفضل منذ يوم الأربعاء.",
)
WELCOME = written(
    "Welcome. We look after you here.",
    "Willkommen. Wir kümmern uns hier um Sie.",
    "أهلا بك. نحن نعتني بك هنا.",
)
