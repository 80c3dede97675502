/* Spacing: sessions and trains keep their distance by true time, whatever happens to power and to
 * the backed clock; a make-up is given once, in time, and gives only the rest (invariant 2; R4 to
 * R6, R9).
 *
 * Times are ages in ticks, true ones beside those that the device can prove. A slice is reserved,
 * fired within its length, closed; power may go between any two steps.
 */
#include "guards.h"

#ifdef TRACE
#define time_t int
#define LONG_AGO 1000000000
#else
#define time_t byte
#define LONG_AGO 5
#define TRAIN_INTERVAL 2
#define INTERVAL 4
#define SLICE_LENGTH 1
#define SLICE_UNITS 1
#define SESSION_UNITS 3
#define MAKE_UP_WITHIN 3
#endif

/* The world */
time_t since_pulse_truly = LONG_AGO, since_close_truly = LONG_AGO, off_for;
byte make_ups;
short given;

/* The ledger, as the device reads it by proven time */
time_t since_pulse = LONG_AGO;
bool slice_open, session_open, is_make_up, made_up, may_be_made_up;
short rest;

/* The device's memory */
bool powered = true, first_of_session, close_proven;
time_t since_train = LONG_AGO, since_reserved, since_close = LONG_AGO;
short slice_units, slice_fired;

/* A prescriber's word on lost time, over the head at one of the cuts: what truly passed since, what
 * the device proved, and whether no session came behind that head */
bool attest_open, attest_asked, attest_signed, head_behind_session;
time_t since_cut_truly, since_cut;

#define GROWN(age, ticks) MIN((age) + (ticks), LONG_AGO)

inline pass(ticks) {
    since_pulse_truly = GROWN(since_pulse_truly, ticks);
    since_close_truly = GROWN(since_close_truly, ticks);
    since_cut_truly = (attest_asked && !attest_signed -> GROWN(since_cut_truly, ticks) :
        since_cut_truly);
    if
    :: powered ->
        since_pulse = GROWN(since_pulse, ticks); since_train = GROWN(since_train, ticks);
        since_close = GROWN(since_close, ticks);
        since_reserved = (slice_open -> GROWN(since_reserved, ticks) : 0);
        since_cut = (attest_asked -> GROWN(since_cut, ticks) : 0)
    :: else -> off_for = GROWN(off_for, ticks)
    fi
}

#define interval_passed GUARD(SESSION_INTERVAL, since_pulse >= INTERVAL)
#define may_open (powered && !session_open && interval_passed)
#define may_make_up (powered && !session_open && may_be_made_up && rest > 0 && \
    GUARD(MAKE_UP_ONCE, !made_up) && \
    GUARD(MAKE_UP_IN_TIME, close_proven && since_close <= MAKE_UP_WITHIN))
#define train_may_begin (since_train >= TRAIN_INTERVAL)
#define may_reserve (powered && session_open && !slice_open && rest > 0 && train_may_begin)
#define may_fire (powered && slice_open && slice_fired < slice_units && \
    since_reserved <= SLICE_LENGTH)

inline open_session() {
    session_open = true; is_make_up = false; made_up = false; make_ups = 0;
    may_be_made_up = false; first_of_session = true; rest = SESSION_UNITS; given = 0;
    attest_open = false; head_behind_session = false
}

inline open_make_up() {
    assert(make_ups == 0);
    assert(since_close_truly <= MAKE_UP_WITHIN);
    session_open = true; is_make_up = true; made_up = true; make_ups++;
    first_of_session = true;
    rest = (KEEPS(MAKE_UP_REST_ONLY) -> rest : SESSION_UNITS);
    attest_open = false; head_behind_session = false
}

inline reserve(units) {
    slice_open = true; slice_units = units; slice_fired = 0; rest = rest - units;
    given = given + units; since_pulse = 0; since_reserved = 0;
    assert(given <= SESSION_UNITS)
}

inline fire() {
    assert(slice_fired > 0 || since_pulse_truly >= TRAIN_INTERVAL);
    assert(!first_of_session || is_make_up || since_pulse_truly >= INTERVAL);
    slice_fired++; first_of_session = false; since_pulse_truly = 0; since_pulse = 0;
    since_train = 0
}

inline close_slice() {
    rest = rest + slice_units - slice_fired; given = given - (slice_units - slice_fired);
    since_pulse = MIN(since_pulse, since_train);
    slice_open = false; slice_units = 0; slice_fired = 0; since_reserved = 0
}

inline close_session() {
    session_open = false; is_make_up = false; first_of_session = false;
    may_be_made_up = (given > 0); close_proven = true; since_close = 0; since_close_truly = 0
}

inline cut() {
    powered = false; off_for = 0; since_train = 0;
    first_of_session = false;
    if
    :: !attest_asked -> attest_asked = true; attest_open = true; since_cut_truly = 0; since_cut = 0;
        /* a boot closes an open session, behind the head */
        head_behind_session = !session_open
    :: true
    fi
}

inline boot(unbroken) {
    close_proven = close_proven && unbroken;
    if
    :: slice_open && KEEPS(OPEN_SLICE_RUNS_TO_ITS_END) ->
        /* reserved this long ago, fired to its end perhaps: younger by the slice's length */
        since_pulse = since_reserved - MIN(since_reserved, SLICE_LENGTH)
    :: slice_open && !KEEPS(OPEN_SLICE_RUNS_TO_ITS_END) -> since_pulse = since_reserved
    :: else
    fi;
    slice_open = false; slice_units = 0; slice_fired = 0; since_reserved = 0;
    if
    :: unbroken ->
        since_pulse = GROWN(since_pulse, off_for); since_close = GROWN(since_close, off_for);
        since_cut = GROWN(since_cut, off_for)
    :: else ->
        /* a clock that broke may read anything */
        since_pulse = (KEEPS(UNPROVEN_GAP_COUNTS_NOTHING) -> since_pulse : LONG_AGO)
    fi;
    off_for = 0; powered = true;
    since_train = (KEEPS(TRAIN_INTERVAL_OVER_REBOOT) -> since_pulse : LONG_AGO);
    if
    :: session_open -> close_session()
    :: else
    fi
}

#ifdef TRACE

active proctype driver() {
    BEGIN_TRACE;
    do
    :: atomic { NEXT(PASS) -> ARGUMENT; pass(argument); TAKEN }
    :: atomic { NEXT(OPEN) && may_open -> open_session(); TAKEN }
    :: atomic { NEXT(OPEN) && may_make_up -> open_make_up(); TAKEN }
    :: atomic { NEXT(RESERVE) && may_reserve -> ARGUMENT; argument <= rest;
        reserve(argument); TAKEN }
    :: atomic { NEXT(PULSE) && may_fire -> fire(); TAKEN }
    :: atomic { NEXT(CLOSE_SLICE) && powered && slice_open -> ARGUMENT; argument == slice_fired;
        close_slice(); TAKEN }
    :: atomic { NEXT(CLOSE_SESSION) && powered && session_open && !slice_open ->
        close_session(); TAKEN }
    :: atomic { NEXT(CUT) && powered -> cut(); TAKEN }
    :: atomic { NEXT(BOOT) && !powered -> ARGUMENT; boot(argument); TAKEN }
    :: NEXT(END) -> assert(false)
    od
}

#else

active proctype device() {
end:
    do
    :: atomic { may_open -> open_session() }
    :: atomic { may_make_up -> open_make_up(); WITNESS(MAKE_UP) }
    :: atomic { may_reserve -> reserve(SLICE_UNITS) }
    :: atomic { may_fire -> fire();
        if
        :: given == SESSION_UNITS && make_ups == 0 -> WITNESS(WHOLE_SESSION)
        :: given == SESSION_UNITS && make_ups == 1 -> WITNESS(WHOLE_WITH_MAKE_UP)
        :: else
        fi }
    :: atomic { powered && slice_open -> close_slice() }
    :: atomic { powered && session_open && !slice_open -> close_session() }
    od
}

active proctype time_and_power() {
end:
    do
    :: atomic { pass(1) }
    :: atomic { powered -> cut() }
    :: atomic { !powered -> boot(true) }
    :: atomic { !powered -> boot(false) }
    od
}

active proctype prescriber() {
end:
    do
    :: atomic { powered && attest_asked && !attest_signed -> attest_signed = true }
    /* the nonce was void with a session: another one, over the same head */
    :: atomic { powered && attest_asked && !attest_signed && !attest_open -> attest_open = true }
    :: atomic { powered && attest_signed && GUARD(ATTEST_ONCE, attest_open) &&
        GUARD(ATTEST_BEHIND_WAITS, head_behind_session) ->
        attest_open = false;
        since_pulse = GROWN(since_pulse, MAX(since_cut_truly, since_cut) - since_cut);
        WITNESS(ATTESTED) }
    od
}

#endif
