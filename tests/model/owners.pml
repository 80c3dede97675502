/* Owners: a patient who gets a second band is not treated by two, and a band that passes to another
 * owner does so over what it is now (invariants 1 and 5; R23, R24).
 *
 * One window of pulses over both bands; a new day empties it once. The cloud knows of the old
 * band's pulses late or never.
 */
#include "guards.h"

#define IN_WINDOW 2

mtype = { NO_BASIS, FINAL_HEAD, IN_CLINICS_HANDS, AFTER_VALIDITY };

/* The old band */
byte old_given, known;
bool old_retired, old_valid = true, old_in_hands, final_head_signed;
byte final_given;

/* The new band */
mtype basis;
bool replaced;
byte new_given, balance;
bool new_day;

/* The hand-over of the old band to another patient */
byte head, signed_over;
bool hand_over_signed, handed_over;

#define old_may_fire (old_valid && !old_in_hands && !handed_over && \
    GUARD(FINAL_HEAD_RETIRES, !old_retired) && old_given < IN_WINDOW)
#define new_may_fire (replaced && balance + new_given < IN_WINDOW)

active proctype old_band() {
end:
    do
    :: atomic { old_may_fire -> old_given++; head = MIN(head + 1, 3);
        assert(!final_head_signed && !replaced);
        assert(old_given + new_given <= IN_WINDOW); WITNESS(OLD_PULSE) }
    :: atomic { known < old_given -> known++ }
    :: atomic { !old_retired && !handed_over && !old_in_hands -> old_retired = true;
        final_head_signed = true; final_given = old_given }
    :: atomic { hand_over_signed && !handed_over && !old_retired &&
        GUARD(HANDOVER_CURRENT_HEAD, signed_over == head) ->
        assert(signed_over == head); handed_over = true; WITNESS(HANDED_OVER) }
    od
}

active proctype new_band() {
end:
    do
    :: atomic { !replaced && basis != 0 && GUARD(REPLACEMENT_PROOF, basis != NO_BASIS) ->
        replaced = true;
        balance = (basis == FINAL_HEAD -> final_given :
            (KEEPS(REPLACEMENT_COUNTS_MOST) -> IN_WINDOW : known)) }
    :: atomic { new_may_fire -> new_given++;
        assert(old_given + new_given <= IN_WINDOW); assert(!old_may_fire);
        if
        :: new_day -> WITNESS(NEW_PULSE_NEXT_DAY)
        :: else -> WITNESS(NEW_PULSE)
        fi }
    od
}

active proctype prescriber() {
end:
    do
    :: atomic { basis == 0 && !handed_over ->
        if
        :: basis = NO_BASIS
        :: final_head_signed -> basis = FINAL_HEAD
        :: old_in_hands -> basis = IN_CLINICS_HANDS
        :: !old_valid -> basis = AFTER_VALIDITY
        fi }
    :: atomic { !hand_over_signed -> hand_over_signed = true; signed_over = head }
    od
}

active proctype world() {
end:
    do
    :: atomic { !old_in_hands -> old_in_hands = true }
    :: atomic { old_valid -> old_valid = false }
    :: atomic { !new_day && replaced -> new_day = true; old_given = 0; known = 0; new_given = 0;
        balance = 0 }
    od
}
