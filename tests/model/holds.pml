/* Clearance and holds: what the clinic has said stops treatment at the latest when the clearance is
 * too old, and at once where it has reached the band; no old lift lifts anything new (invariant 5;
 * R12, R20, R21).
 *
 * The link withholds, repeats and reorders. The clearance key tells the truth, except where
 * cloud_lies: what such a lie can do is not hidden, it is the good end LIE_DELAYS_A_HOLD.
 */
#include "guards.h"

#define LIMIT 2
#define OLD 3
#define HOLDS 2
#define SERIALS 2
#define PLACINGS 2
#define REST_PLACINGS 1
#define REST_FOR 2
#define TAKE_BACK_FOR 1

/* The clinic */
byte newest_serial = 1, newest_hold, serial_out_for, hold_out_for;
bool cloud_lies;

/* The last two words of clearance, which whoever has the link keeps */
byte word_nonce[2], word_serial[2], word_hold[2], word_age[2];
byte nonces;

/* The band */
byte serial = 1, hold_here, live_nonce;
bool cleared, running;
byte clear_serial, clear_hold, clear_age;
byte seen_serial, seen_hold;

/* Holds by id: 0 is the clinic's safety hold, 1 the patient's rest hold. `record` is the number of
 * the record that placed it; `stands` is the truth, `open` what the band thinks. */
bool open[HOLDS], stands[HOLDS], confirmed, grave;
byte record[HOLDS], age[HOLDS], placings[HOLDS];
byte lift_signed[HOLDS];

byte index;

#define held (open[0] || open[1])
#define may_open (!running && cleared && GUARD(HOLD_LOCKS, !held) && \
    GUARD(CLEARANCE_AGE, clear_age <= LIMIT) && \
    GUARD(CLEARANCE_NEWEST_SERIAL, clear_serial <= serial) && \
    GUARD(CLEARANCE_NEWEST_HOLD, clear_hold <= hold_here))
#define serial_out (newest_serial > serial)
#define hold_out (newest_hold > hold_here)
#define overdue ((serial_out && serial_out_for > LIMIT) || (hold_out && hold_out_for > LIMIT))

inline place(id, is_grave) {
    placings[id]++; record[id] = record[id] + 1; open[id] = true; stands[id] = true; age[id] = 0;
    if
    :: id == 1 -> confirmed = false; grave = is_grave
    :: else
    fi;
    if
    :: KEEPS(HOLD_CLOSES_SESSION) -> running = false
    :: else
    fi
}

inline end_hold(id) { open[id] = false; age[id] = 0 }

active proctype band() {
end:
    do
    :: atomic { may_open ->
        assert(!overdue || cloud_lies);
        assert((serial >= seen_serial && hold_here >= seen_hold) || cloud_lies);
        if
        :: overdue -> WITNESS(LIE_DELAYS_A_HOLD)
        :: else
        fi;
        running = true }
    :: atomic { running -> assert(!stands[0] && !stands[1]);
        if
        :: record[0] == PLACINGS -> WITNESS(PULSE_AFTER_HOLDS)
        :: else
        fi }
    :: atomic { running -> running = false }
    :: atomic { live_nonce == 0 && nonces < 2 -> nonces++; live_nonce = nonces }
    :: atomic { open[1] && age[1] > REST_FOR && GUARD(CONFIRMED_HOLD_STAYS, !confirmed) ->
        stands[1] = confirmed; end_hold(1) }
    od
}

active proctype clinic() {
end:
    do
    :: atomic { newest_serial < SERIALS -> newest_serial++ }
    :: atomic { newest_hold < PLACINGS && !hold_out -> newest_hold++ }
    :: atomic { live_nonce != 0 && word_nonce[live_nonce - 1] == 0 ->
        index = live_nonce - 1; word_nonce[index] = live_nonce; word_age[index] = 0;
        if
        :: word_serial[index] = newest_serial; word_hold[index] = newest_hold
        :: cloud_lies = true; word_serial[index] = 1; word_hold[index] = 0
        fi;
        index = 0 }
    :: atomic { open[0] && lift_signed[0] != record[0] -> lift_signed[0] = record[0] }
    :: atomic { open[1] && lift_signed[1] != record[1] -> lift_signed[1] = record[1] }
    :: atomic { open[1] && !confirmed -> confirmed = true }
    od
}

active proctype link() {
end:
    do
    :: atomic { select(index : 0 .. 1);
        if
        :: word_nonce[index] != 0 && GUARD(CLEARANCE_NONCE, live_nonce == word_nonce[index]) ->
            cleared = true; clear_serial = word_serial[index]; clear_hold = word_hold[index];
            clear_age = word_age[index]; live_nonce = 0;
            seen_serial = MAX(seen_serial, clear_serial); seen_hold = MAX(seen_hold, clear_hold)
        :: else
        fi;
        index = 0 }
    :: atomic { serial < newest_serial && !running -> serial++; serial_out_for = 0 }
    :: atomic { hold_here < newest_hold && placings[0] < PLACINGS ->
        hold_here++; hold_out_for = 0; place(0, false) }
    :: atomic { select(index : 0 .. 1);
        if
        :: open[index] && lift_signed[index] != 0 &&
            GUARD(LIFT_OVER_RECORD, lift_signed[index] == record[index]) ->
            stands[index] = stands[index] && (lift_signed[index] != record[index]);
            end_hold(index); WITNESS(LIFTED)
        :: open[index] && !KEEPS(LIFT_NEEDS_STAFF) -> end_hold(index)
        :: else
        fi;
        index = 0 }
    od
}

active proctype patient() {
end:
    do
    :: atomic { placings[1] < REST_PLACINGS && !open[1] -> place(1, false) }
    :: atomic { placings[1] < REST_PLACINGS && !open[1] -> place(1, true) }
    :: atomic { open[1] && GUARD(TAKE_BACK_IN_TIME, age[1] <= TAKE_BACK_FOR) &&
        GUARD(TAKE_BACK_NOT_GRAVE, !grave) && !confirmed ->
        stands[1] = (grave || age[1] > TAKE_BACK_FOR); end_hold(1); WITNESS(TAKEN_BACK) }
    od
}

active proctype time() {
end:
    do
    :: atomic {
        serial_out_for = (serial_out -> MIN(serial_out_for + 1, OLD) : 0);
        hold_out_for = (hold_out -> MIN(hold_out_for + 1, OLD) : 0);
        clear_age = (cleared -> MIN(clear_age + 1, OLD) : 0);
        word_age[0] = (word_nonce[0] -> MIN(word_age[0] + 1, OLD) : 0);
        word_age[1] = (word_nonce[1] -> MIN(word_age[1] + 1, OLD) : 0);
        age[1] = (open[1] -> MIN(age[1] + 1, OLD) : 0) }
    od
}
