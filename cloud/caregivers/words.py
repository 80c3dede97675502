"""What the page for somebody close says, in the language of the conversation.

One value holds all of it, so that the page's parts and its refusals say the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.language import _, p_
from shared.care.caregiver import Shown


@dataclass(frozen=True)
class Words:
    """The page's texts; a name in braces stands for a name, a time or a number."""

    title: str
    lead: str
    look_again: str
    as_of: str
    sign_out: str
    session_whole: str
    session_part: str
    session_open: str
    no_session: str
    missed: str
    none_missed: str
    next_now: str
    next_from: str
    next_unknown: str
    all_well: str
    hold_clinic: str
    hold_rest: str
    hold_asked: str
    silent: str
    clearance: str
    record: str
    score: str
    no_score: str
    not_shared_some: str
    not_shared: str
    emergency: str
    nobody_watches: str
    danger: str
    clinic: str
    on_call: str
    local_number: str
    nothing_title: str
    nothing: str
    sign_in_title: str
    sign_in_lead: str
    sign_in: str
    sign_in_new: str
    ended: str
    join_title: str
    join_lead: str
    code: str
    join: str
    join_after: str
    code_unknown: str
    cancelled: str
    busy: str
    made_up: str
    shown: dict[Shown, str]
    as_object: dict[Shown, str]

    def listed(self, names: tuple[str, ...]) -> str:
        """Return names as one says several."""
        if len(names) < 2:
            return "".join(names)
        return _("{several} and {last}").format(several=", ".join(names[:-1]), last=names[-1])


def words() -> Words:
    """Return the texts in the language spoken now."""
    return Words(
        title=_("What {name} shares with you"),
        lead=_(
            "You see what {name} chose for you, and {name} can read in the app when you looked."
        ),
        look_again=_("Look again"),
        as_of=_("Looked up: {when}"),
        sign_out=_("Sign out"),
        session_whole=p_("a session", "done"),
        session_part=p_("a session", "cut short"),
        session_open=p_("a session", "begun"),
        no_session=_("No session yet."),
        missed=_("Missed so far in this course: {count}"),
        none_missed=_("None missed so far in this course."),
        next_now=_("It may be at any time now, after the safety questions."),
        next_from=_("It may be from this time on: {when}"),
        next_unknown=_("No time is known just now."),
        all_well=_("Nothing needs attention, as far as the clinic knows."),
        hold_clinic=_("The treatment is on hold until the clinic ends the hold."),
        hold_rest=_("The treatment rests, by the band's own record. The band ends that by itself."),
        hold_asked=_(
            "The clinic asked for a hold. The band hasn't confirmed it yet and may still treat."
        ),
        silent=_(
            "The clinic hasn't heard of band and phone for some days. The phone needs a network."
        ),
        clearance=_("The band soon stops treating, or has stopped: the phone needs a network."),
        record=_("Something about the band's record is being looked into by the clinic."),
        score=_("{score} of {maximum}, {band}"),
        no_score=_("No check-in yet."),
        not_shared_some=_("Not shared with you: {things}."),
        not_shared=_("What {name} writes or answers one by one stays with {name} and the clinic."),
        emergency=_("If you are worried"),
        nobody_watches=_(
            "Nobody watches this page for you, and what stands here can be late. Don't wait "
            "for it: call."
        ),
        danger=_("When life is in danger"),
        clinic=_("The clinic, when it's open"),
        on_call=_("On call for the clinic"),
        local_number=_("Call the emergency number of the place where you are."),
        nothing_title=_("Nothing is shared with you now"),
        nothing=_(
            "The person who invited you can change at any time what they share. Please ask "
            "them, not the clinic."
        ),
        sign_in_title=_("Come in again"),
        sign_in_lead=_("Use the passkey of your invitation. Each sign-in ends after a while."),
        sign_in=_("Sign in with your passkey"),
        sign_in_new=_("No passkey yet? Open the link of your invitation, or type its code."),
        ended=_(
            "Nothing is shared with you any more. Please ask the person who invited you, not "
            "the clinic."
        ),
        join_title=_("You were invited"),
        join_lead=_(
            "Somebody lets you see a little of their treatment. Type the code that they gave "
            "you, then make a passkey: it stays on your device and opens this page again."
        ),
        code=_("Code"),
        join=_("Make a passkey"),
        join_after=_("Have you come in before? Sign in."),
        code_unknown=_(
            "This code does not open anything: it was used, has ended, or isn't right. Look "
            "at it once more, or ask for a new one."
        ),
        cancelled=_("The passkey was not used. Try again."),
        busy=_("That didn't work just now. Try again in a moment."),
        made_up=_("Made-up data. Nobody here is real."),
        shown={
            Shown.SESSIONS: _("Sessions"),
            Shown.NEXT: _("The next session"),
            Shown.ATTENTION: _("What needs attention"),
            Shown.SCORES: _("Results of the check-ins"),
        },
        as_object={
            Shown.SESSIONS: _("the sessions"),
            Shown.NEXT: _("when the next session may be"),
            Shown.ATTENTION: _("what needs attention"),
            Shown.SCORES: _("results of the check-ins"),
        },
    )
