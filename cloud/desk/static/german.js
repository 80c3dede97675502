// The desk's German, by the English that stands in the code (a test finds what is missing).

export const NOUNS = {
  pulse: ["Impuls", "Impulse"],
  burst: ["Burst", "Bursts"],
  train: ["Pulsserie", "Pulsserien"],
  session: ["Sitzung", "Sitzungen"],
  day: ["Tag", "Tage"],
  hold: ["Sperre", "Sperren"],
};

const AROUND = {
  "Circlet signing desk": "Circlet-Signierplatz",
  "Signing desk": "Signierplatz",
  "This page stands apart from the clinic's other pages. It keeps nothing and sends nothing but the signature. A signature made on any other page counts for nothing with a band.":
    "Diese Seite steht für sich, getrennt von den anderen Seiten der Klinik. Sie speichert nichts und sendet nichts als die Signatur. Eine Signatur von einer anderen Seite gilt bei keinem Kopfband.",
  "Read, then sign": "Lesen, dann signieren",
  "Read these {count}, then sign them together": "Diese {count} lesen, dann gemeinsam signieren",
  "All of this was read from the bytes that you sign, by this page alone.":
    "Alles hier wurde allein von dieser Seite aus den Bytes gelesen, die Sie signieren.",
  "I have read this, and it is what I mean to sign.": "Ich habe das gelesen, und genau das will ich signieren.",
  "Tick the box under the statement first.": "Haken Sie zuerst das Kästchen unter der Erklärung an.",
  "Tick the box under each statement first: {open} of {all} left.":
    "Haken Sie zuerst das Kästchen unter jeder Erklärung an: noch {open} von {all}.",
  "Your passkey will ask for your PIN, finger or face.": "Ihr Passkey fragt nach PIN, Finger oder Gesicht.",
  "Sign with my passkey": "Mit meinem Passkey signieren",
  "Do not sign": "Nicht signieren",
  "The signature goes back to": "Die Signatur geht zurück an",
  "Going back to {origin}.": "Zurück zu {origin}.",
  "Back to {origin}": "Zurück zu {origin}",
  Signed: "Signiert",
  "Not signed": "Nicht signiert",
  "The {count} bytes themselves": "Die {count} Bytes selbst",
  "Invisible or misleading character": "Unsichtbares oder irreführendes Zeichen",
  "Not compared": "Nicht verglichen",
  "The clinic's page did not bring the version that this one replaces. Read all of it.":
    "Die Seite der Klinik hat die Version nicht mitgebracht, die diese ersetzt. Lesen Sie alles.",
  "Nothing changes against {version} but its own times and numbers.":
    "Gegenüber {version} ändert sich nichts als die eigenen Zeiten und Nummern.",
  "What changes against {version}": "Was sich gegenüber {version} ändert",
  "Read from the bytes of that version, whose hash this one names. {count} more of its own times and numbers differ and are marked below.":
    "Aus den Bytes jener Version gelesen, deren Hash diese nennt. {count} weitere eigene Zeiten und Nummern sind anders und unten markiert.",
  Before: "Bisher",
  Now: "Jetzt",
  "before:": "bisher:",
  "no longer said": "nicht mehr genannt",
};

const REGISTERING = {
  "Make your signing passkey": "Signier-Passkey anlegen",
  "Nothing waits for your signature here": "Hier wartet nichts auf Ihre Signatur",
  "It stays with you and signs only at this desk.": "Er bleibt bei Ihnen und signiert nur an diesem Platz.",
  "To sign, come here by the link on the clinic's page. If you have no signing passkey yet, make one now.":
    "Zum Signieren kommen Sie über den Link auf der Seite der Klinik hierher. Wenn Sie noch keinen Signier-Passkey haben, legen Sie jetzt einen an.",
  "Your name, as patients and colleagues know it": "Ihr Name, wie ihn Patienten und Kollegen kennen",
  "Make my signing passkey": "Meinen Signier-Passkey anlegen",
  "The passkey is made on this computer, phone or security key. Nobody else ever holds it, and it does nothing until your clinic has certified it.":
    "Der Passkey entsteht auf diesem Computer, Telefon oder Sicherheitsschlüssel. Niemand sonst hat ihn je, und er bewirkt nichts, bis Ihre Klinik ihn zertifiziert hat.",
  "No passkey yet": "Noch kein Passkey",
  "Type your name first.": "Geben Sie zuerst Ihren Namen ein.",
  "That name is too long: 64 bytes at most.": "Dieser Name ist zu lang: höchstens 64 Bytes.",
  "That name holds invisible characters.": "Dieser Name enthält unsichtbare Zeichen.",
  "Your signing passkey is made": "Ihr Signier-Passkey ist angelegt",
  "Two steps are left, both with the person who holds your clinic's root.":
    "Zwei Schritte bleiben, beide mit der Person, die den Stammschlüssel Ihrer Klinik hat.",
  "1. Send them this request": "1. Senden Sie ihr diese Anfrage",
  "Certificate request": "Zertifikatsanfrage",
  Copy: "Kopieren",
  "Copied.": "Kopiert.",
  "Save as a file": "Als Datei speichern",
  "2. Read them this fingerprint, in person or by telephone":
    "2. Lesen Sie ihr diesen Fingerabdruck vor, persönlich oder am Telefon",
  "They certify your key only if they see the same eight groups. If they differ, stop: somebody changed the request.":
    "Sie zertifiziert Ihren Schlüssel nur, wenn sie dieselben acht Gruppen sieht. Weichen sie ab, brechen Sie ab: Jemand hat die Anfrage verändert.",
  "the passkey may be copied to your other devices": "der Passkey darf auf Ihre anderen Geräte kopiert werden",
  "the passkey stays on this one device": "der Passkey bleibt auf diesem einen Gerät",
};

const REFUSALS = {
  "The desk does not go on": "Der Signierplatz macht nicht weiter",
  "Nothing was signed. Go back to the clinic's page and start again, or tell whoever runs it.":
    "Es wurde nichts signiert. Gehen Sie zurück zur Seite der Klinik und beginnen Sie neu, oder sagen Sie es denen, die sie betreiben.",
  "Something went wrong in this page.": "Auf dieser Seite ist etwas schiefgegangen.",
  "The clinic's page brought another version than the one that this replaces.":
    "Die Seite der Klinik hat eine andere Version mitgebracht als die, die diese ersetzt.",
  "The bytes are not in their one canonical form: they could be read in two ways.":
    "Die Bytes stehen nicht in ihrer einen kanonischen Form: Man könnte sie auf zwei Arten lesen.",
  "The bytes are not readable.": "Die Bytes sind nicht lesbar.",
  "The link does not hold a request.": "Der Link enthält keine Anfrage.",
  "The link holds characters that do not belong there.": "Der Link enthält Zeichen, die nicht hineingehören.",
  "The link is too long.": "Der Link ist zu lang.",
  "The link was cut off on its way here.": "Der Link wurde unterwegs abgeschnitten.",
  "The request does not say where the answer should go.": "Die Anfrage sagt nicht, wohin die Antwort soll.",
  "The request has parts that this desk does not know, or lacks some.":
    "Die Anfrage hat Teile, die dieser Signierplatz nicht kennt, oder es fehlen welche.",
  "The request holds a list that is too short or too long (at most {most}).":
    "Die Anfrage enthält eine zu kurze oder zu lange Liste (höchstens {most}).",
  "The request holds something that is no statement.": "Die Anfrage enthält etwas, das keine Erklärung ist.",
  "The request lacks a text.": "In der Anfrage fehlt ein Text.",
  "The request lacks bytes.": "In der Anfrage fehlen Bytes.",
  "The request wants the answer sent to a place that is not safe.":
    "Die Anfrage will die Antwort an einen Ort, der nicht sicher ist.",
  "The statement is too long to be one.": "Die Erklärung ist zu lang, um eine zu sein.",
  "This desk does not know that kind of statement.": "Diese Art von Erklärung kennt der Signierplatz nicht.",
  "{name} has a field that this desk does not know. It could not show it to you.":
    "{name} hat ein Feld, das dieser Signierplatz nicht kennt. Er könnte es Ihnen nicht zeigen.",
  "{name} is not a set of fields.": "{name} ist keine Menge von Feldern.",
  "{name} lacks {field}.": "{name}: {field} fehlt.",
  "{name}: {field} has a value that it cannot have.": "{name}: {field} hat einen Wert, den es nicht haben kann.",
  "The desk was put inside another page. It signs only on its own, in a window of its own.":
    "Der Signierplatz wurde in eine andere Seite gesetzt. Er signiert nur für sich, in einem eigenen Fenster.",
  "Another page opened this window and could still reach it. Open the desk by a plain link.":
    "Eine andere Seite hat dieses Fenster geöffnet und könnte es noch erreichen. Öffnen Sie den Signierplatz über einen einfachen Link.",
  "This connection is not protected (no HTTPS). Passkeys do not work here.":
    "Diese Verbindung ist nicht geschützt (kein HTTPS). Passkeys funktionieren hier nicht.",
  "This browser has no passkeys. Use a current one.": "Dieser Browser kann keine Passkeys. Nehmen Sie einen aktuellen.",
  "That is another passkey than the clinic certified for you. Nothing was signed.":
    "Das ist ein anderer Passkey als der, den die Klinik für Sie zertifiziert hat. Es wurde nichts signiert.",
  "The browser signed something else than it was asked to. The answer is thrown away.":
    "Der Browser hat etwas anderes signiert als verlangt. Die Antwort wird verworfen.",
  "The passkey answered for another site. The answer is thrown away.":
    "Der Passkey hat für eine andere Seite geantwortet. Die Antwort wird verworfen.",
  "The passkey did not check that it is you (PIN, finger or face). The answer is thrown away.":
    "Der Passkey hat nicht geprüft, dass Sie es sind (PIN, Finger oder Gesicht). Die Antwort wird verworfen.",
  "This authenticator made a key of a kind that the band cannot check.":
    "Dieser Authentifikator hat einen Schlüssel gemacht, den das Kopfband nicht prüfen kann.",
  "This authenticator's passkeys have names that are too long for the band.":
    "Die Passkeys dieses Authentifikators haben zu lange Namen für das Kopfband.",
  "The passkey did not answer: it was cancelled, it took too long, it is not on this computer, or it could not check that it is you (PIN, finger or face).":
    "Der Passkey hat nicht geantwortet: Es wurde abgebrochen, es dauerte zu lange, er ist nicht auf diesem Computer, oder er konnte nicht prüfen, dass Sie es sind (PIN, Finger oder Gesicht).",
  "This authenticator cannot do that twice, or does not hold the passkey.":
    "Dieser Authentifikator kann das nicht zweimal, oder er hat den Passkey nicht.",
  "This authenticator does not make the kind of key that the band can check.":
    "Dieser Authentifikator macht keine Schlüssel, die das Kopfband prüfen kann.",
  "This authenticator cannot check that it is you (PIN, finger or face).":
    "Dieser Authentifikator kann nicht prüfen, dass Sie es sind (PIN, Finger oder Gesicht).",
  "The browser does not allow passkeys on this address.": "Der Browser erlaubt an dieser Adresse keine Passkeys.",
  "It was interrupted.": "Es wurde unterbrochen.",
  "The browser could not use a passkey.": "Der Browser konnte keinen Passkey benutzen.",
  "No passkey was made.": "Es wurde kein Passkey angelegt.",
  "Nothing was signed.": "Es wurde nichts signiert.",
};

const KINDS = {
  for: "für",
  "Serial {number}": "Nummer {number}",
  Prescription: "Verordnung",
  "Treatment: opens sessions within the limits below.": "Behandlung: erlaubt Sitzungen in den Grenzen unten.",
  "End of treatment": "Ende der Behandlung",
  "Ends the treatment at once. No further session opens.": "Beendet die Behandlung sofort. Keine weitere Sitzung beginnt.",
  Titration: "Schwellenmessung",
  "Titration: single pulses in the clinic to find the motor threshold.":
    "Schwellenmessung: einzelne Impulse in der Klinik, um die motorische Schwelle zu finden.",
  "Prescription for another band": "Verordnung für ein anderes Kopfband",
  "Goes on with a course that another band began.": "Führt eine Behandlungsserie fort, die ein anderes Kopfband begann.",
  "Lift of holds": "Aufheben von Sperren",
  "These holds end as soon as the band has this word. Sessions can open again.":
    "Diese Sperren enden, sobald das Kopfband dieses Wort hat. Sitzungen können wieder beginnen.",
  "There is no undo": "Das lässt sich nicht zurücknehmen",
  "To stop the treatment again, place a new hold.": "Um die Behandlung wieder anzuhalten, setzen Sie eine neue Sperre.",
  "holds that end": "Sperren enden",
  "For which band": "Für welches Kopfband",
  "What ends": "Was endet",
  "Hold {place}": "Sperre {place}",
  "Placed by the record with the hash": "Gesetzt durch den Eintrag mit dem Hash",
  "Postponement by the safety questions": "Aufschub durch die Sicherheitsfragen",
  stays: "bleibt",
  "Time that passed for a band": "Zeit, die für ein Kopfband vergangen ist",
  "since record {number}": "seit Eintrag {number}",
  "The band takes it that at least this much time has passed since that record. Rest between sessions and the windows of its limits end earlier by what it could not prove.":
    "Das Kopfband nimmt an, dass seit jenem Eintrag mindestens diese Zeit vergangen ist. Die Ruhe zwischen Sitzungen und die Fenster seiner Grenzen enden um so viel früher, wie es nicht belegen konnte.",
  "Sign only what you know from elsewhere, too": "Signieren Sie nur, was Sie auch von anderswo wissen",
  "The band refuses this word if a session, a hold or a postponement came after that record. Ask the patient when the last session was. There is no undo.":
    "Das Kopfband weist dieses Wort ab, wenn nach jenem Eintrag eine Sitzung, eine Sperre oder ein Aufschub kam. Fragen Sie die Person, wann die letzte Sitzung war. Das lässt sich nicht zurücknehmen.",
  "More than {length}": "Mehr als {length}",
  "So long a time ends every wait of the band's limits. Read the length once more.":
    "Eine so lange Zeit beendet jedes Warten der Grenzen des Kopfbands. Lesen Sie die Dauer noch einmal.",
  "at least, since that record": "mindestens, seit jenem Eintrag",
  "Its start, by its own count": "Sein Start, nach eigener Zählung",
  "What is attested": "Was bestätigt wird",
  "At least": "Mindestens",
  "In milliseconds": "In Millisekunden",
  "Since record": "Seit Eintrag",
  "Its hash": "Dessen Hash",
  "Answers the band's request": "Beantwortet die Anfrage des Kopfbands",
};

const LETTING_GO = {
  "A band for somebody else": "Ein Kopfband für jemand anderen",
  "The band ends with its patient, and may go to another patient or clinic.":
    "Das Kopfband endet bei dieser Person und darf an eine andere Person oder Klinik gehen.",
  "A band for nobody": "Ein Kopfband für niemanden",
  "The band ends with its patient and is nobody's from then on.":
    "Das Kopfband endet bei dieser Person und gehört von da an niemandem.",
  "The band's present patient is treated by it only if it's given to them anew.":
    "Die jetzige Person behandelt es nur, wenn es ihr neu gegeben wird.",
  "The end of a band": "Das Ende eines Kopfbands",
  "The band retires: it gives its signed last record and starts no session any more.":
    "Das Kopfband geht außer Dienst: Es gibt seinen signierten letzten Eintrag ab und beginnt keine Sitzung mehr.",
  "Only its maker can give a retired band to anybody again.":
    "Nur sein Hersteller kann ein Kopfband außer Dienst wieder jemandem geben.",
  "To record {number}": "Bis Eintrag {number}",
  "records that you know of": "Einträge, die Sie kennen",
  "Up to which record": "Bis zu welchem Eintrag",
  Number: "Nummer",
  "Hash of the record up to there": "Hash der Aufzeichnung bis dorthin",
  "The record's own id": "Kennung der Aufzeichnung",
};

const WARNINGS = {
  "Demo threshold": "Demo-Schwelle",
  "It was typed in, not measured on this person. For demonstration only.":
    "Sie wurde eingetippt, nicht an dieser Person gemessen. Nur zur Vorführung.",
  "Outside the train table": "Außerhalb der Tabelle der Pulsserien",
  "Signed as the exception named below.": "Signiert als die unten genannte Ausnahme.",
  "A large step of the threshold": "Ein großer Schritt der Schwelle",
  "Signed as meant: the threshold may differ by more than 10 % of output from the one in force.":
    "Als gewollt signiert: Die Schwelle darf um mehr als 10 % der Ausgangsleistung von der geltenden abweichen.",
  "Research or off-label use": "Forschung oder zulassungsüberschreitende Anwendung",
  "Signed for the reason named below.": "Signiert aus dem unten genannten Grund.",
  "Without the old band's last word": "Ohne das letzte Wort des alten Kopfbands",
  "The old band may have given more than its record shows. The opening balance below stands for it.":
    "Das alte Kopfband kann mehr abgegeben haben, als sein Protokoll zeigt. Der Anfangsstand unten steht dafür.",
  "Button waived": "Ohne Taste",
  "The band starts without a press of its own button.": "Das Kopfband startet ohne Druck auf seine Taste.",
  "More than the stimulator can give": "Mehr, als der Stimulator leisten kann",
  "The band refuses an output above 100 %.": "Das Kopfband weist eine Ausgangsleistung über 100 % ab.",
  "Outside what is allowed: the band refuses it": "Außerhalb des Erlaubten: Das Kopfband weist es ab",
  "At the edge of what is allowed": "Am Rand des Erlaubten",
  "{name}: {value}, at most {most}": "{name}: {value}, höchstens {most}",
  "Intensity of theta burst, %": "Intensität bei Theta-Burst, %",
  "Pulses a session": "Impulse je Sitzung",
  "Output, % of the stimulator's": "Ausgangsleistung, % des Stimulators",
  "Pulses in a day": "Impulse am Tag",
  "Pulses in a week": "Impulse in der Woche",
  "Age of the threshold": "Alter der Schwelle",
  "Without word from the clinic": "Ohne Nachricht von der Klinik",
  Validity: "Gültigkeit",
  "Make-up": "Nachholen",
};

const FIGURES = {
  "{said} of threshold": "{said} der Schwelle",
  "{percent} % of the stimulator's output": "{percent} % der Ausgangsleistung",
  "pulses a session, in {trains}": "Impulse je Sitzung, in {trains}",
  "a session, without pauses": "je Sitzung, ohne Pausen",
  "sessions in the course, at most": "Sitzungen der Behandlungsserie, höchstens",
  "{count} at {rate}": "{count} mit {rate}",
  "{count} in {length}": "{count} in {length}",
  "{count}, {length} from the end of one to the next": "{count}, {length} vom Ende der einen bis zur nächsten",
  "{kind}, {count} a train at {rate}": "{kind}, {count} je Pulsserie mit {rate}",
  "{what}, site {place} of {all}": "{what}, Ort {place} von {all}",
  repetitive: "repetitiv",
  "theta burst": "Theta-Burst",
  "single pulses": "einzelne Impulse",
  "second {count} since 1970": "Sekunde {count} seit 1970",
  h: "h",
  min: "min",
};

const SECTIONS = {
  "For whom": "Für wen",
  Patient: "Patient",
  "Patient id": "Patientennummer",
  Band: "Kopfband",
  Coil: "Spule",
  Clinic: "Klinik",
  "What is given": "Was gegeben wird",
  "What is ended": "Was beendet wird",
  Protocol: "Behandlungsprotokoll",
  Site: "Ort",
  Intensity: "Intensität",
  Pattern: "Muster",
  "Pulses in a burst": "Impulse je Burst",
  "One train": "Eine Pulsserie",
  Trains: "Pulsserien",
  Together: "Zusammen",
  "Motor threshold": "Motorische Schwelle",
  Kind: "Art",
  "resting motor threshold": "motorische Ruheschwelle",
  "active motor threshold": "aktive motorische Schwelle",
  "resting motor threshold of the leg": "motorische Ruheschwelle des Beins",
  "no motor threshold (fixed output)": "keine motorische Schwelle (feste Ausgangsleistung)",
  Value: "Wert",
  "Adjusted for the depth of the target": "An die Tiefe des Ziels angepasst",
  no: "nein",
  "to {percent} % of it": "auf {percent} % davon",
  "How it was found": "Wie sie gefunden wurde",
  measured: "gemessen",
  "typed in for a demonstration, not measured": "für eine Vorführung eingetippt, nicht gemessen",
  "On band": "An Kopfband",
  "With coil": "Mit Spule",
  Measured: "Gemessen",
  "App warns from": "App warnt ab",
  "Band locks from": "Kopfband sperrt ab",
  "At most": "Höchstens",
  In: "In",
  Sessions: "Sitzungen",
  Pulses: "Impulse",
  "any {length}": "je {length}",
  "any week (6 days 20 h)": "je Woche (6 Tage 20 h)",
  "the whole course": "der ganzen Behandlungsserie",
  "Between sessions": "Zwischen Sitzungen",
  "Least interval": "Kürzester Abstand",
  "Make-up of a broken session": "Nachholen einer abgebrochenen Sitzung",
  none: "keine",
  "once, within {length}": "einmal, innerhalb von {length}",
  Course: "Behandlungsserie",
  Ends: "Endet",
  "when its sessions are done": "wenn ihre Sitzungen vorbei sind",
  "{length} after its first session": "{length} nach ihrer ersten Sitzung",
  "Intensity of its first sessions": "Intensität ihrer ersten Sitzungen",
  "full from the first on": "von der ersten an voll",
  "{place}: at most {percent} %": "{place}: höchstens {percent} %",
  Phases: "Phasen",
  "Phase {place}": "Phase {place}",
  "{sessions}, at most {count} a week, {length} apart or more":
    "{sessions}, höchstens {count} in der Woche, mindestens {length} Abstand",
};

const REST = {
  "Goes on from another band": "Folgt auf ein anderes Kopfband",
  "Old band": "Altes Kopfband",
  "Its plan ends": "Sein Plan endet",
  "In the clinic's hands": "In den Händen der Klinik",
  "yes, by this signature": "ja, durch diese Signatur",
  "not said": "nicht genannt",
  "Its last record": "Sein letzter Eintrag",
  unknown: "unbekannt",
  "Counted as given in the day window": "Als gegeben gezählt im Tagesfenster",
  "in the week": "in der Woche",
  "in the course": "in der Behandlungsserie",
  "Sessions completed": "Abgeschlossene Sitzungen",
  "Before and during a session": "Vor und während einer Sitzung",
  "Asked besides the band's own checks": "Verlangt neben den eigenen Prüfungen des Kopfbands",
  nothing: "nichts",
  "training passed": "Schulung abgeschlossen",
  "safety questions answered before each session": "Sicherheitsfragen vor jeder Sitzung beantwortet",
  "somebody stays with the patient": "jemand bleibt bei der Person",
  "trained staff present, by their own signature": "geschultes Personal anwesend, durch eigene Signatur",
  "ear protection worn": "Gehörschutz getragen",
  Start: "Start",
  "by the band's button": "mit der Taste des Kopfbands",
  "without the band's button": "ohne die Taste des Kopfbands",
  "Pause without the phone after": "Pause ohne das Telefon nach",
  "Patient touches “still here” every": "Person berührt „Noch da“ alle",
  "Word from the clinic not older than": "Nachricht von der Klinik nicht älter als",
  "Times, in {zone}": "Zeiten, in {zone}",
  "Valid from": "Gültig ab",
  "Valid until": "Gültig bis",
  ", {length} in all": ", {length} insgesamt",
  ", never valid: it ends before it begins": ", nie gültig: Sie endet, bevor sie beginnt",
  "To be installed by": "Einzuspielen bis",
  Written: "Geschrieben",
  "Place in the record": "Platz im Protokoll",
  Serial: "Nummer",
  Replaces: "Ersetzt",
  "nothing: the first for this band": "nichts: die erste für dieses Kopfband",
  "begins a new course": "beginnt eine neue Behandlungsserie",
  "goes on with the course": "führt die Behandlungsserie fort",
  "Course id": "Nummer der Behandlungsserie",
  Catalogue: "Katalog",
  "Safety table": "Sicherheitstabelle",
  "version {number}": "Version {number}",
  "Exception from the train table": "Ausnahme von der Tabelle der Pulsserien",
  "Reason of a research or off-label use": "Grund einer Forschungs- oder zulassungsüberschreitenden Anwendung",
  "Threshold step over 10 % of output": "Schritt der Schwelle über 10 % der Ausgangsleistung",
  "signed as meant": "als gewollt signiert",
  "not signed": "nicht signiert",
};

export const GERMAN = { ...AROUND, ...REGISTERING, ...REFUSALS, ...KINDS, ...LETTING_GO, ...WARNINGS, ...FIGURES, ...SECTIONS, ...REST };
