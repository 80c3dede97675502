/* Commands: whoever records, drops, repeats and reorders what two phones send, the band starts and
 * goes on only by a fresh touch, and STOP, a missed beat and a long pause end pulses (invariant 7;
 * R3, R10 to R12, R22).
 *
 * The link is what an attacker makes of it: every message that was ever sent may come at any time,
 * any number of times, or never. Sealed commands are bound to a session's key and counter.
 */
#include "guards.h"

mtype = { IDLE, ARMED, RUNNING, PAUSED };
mtype = { OPEN_WINDOW, START, RESUME, BEAT, STILL_HERE };

#ifdef TRACE
#define time_t int
#define ARMS 60
#define LONG 1000000000
#else
#define time_t byte
#define ARMS 2
#define SEALED 3
#define ARMED_FOR 1
#define WINDOW_FOR 1
#define PAUSED_FOR 1
#define BEAT_LIMIT 1
#define ANSWER_WITHIN 1
#define LONG 2
#endif

/* The band */
mtype state = IDLE;
byte live_nonce, session;
short last_counter;
bool window, after_stop, asked, stop_at_train_end;
time_t in_state, in_window, since_beat, since_asked;
bool lock_open = true;

/* The world */
bool armed_by[ARMS + 1];
bool stop_known, touched;

#define GROWN(age, ticks) MIN((age) + (ticks), LONG)

inline enter(new) { state = new; in_state = 0; window = false; in_window = 0 }

inline leave() {
    enter(IDLE); session = 0; last_counter = 0; after_stop = false; asked = false;
    since_asked = 0; since_beat = 0; stop_at_train_end = false
}

inline arm(nonce) {
    assert(!armed_by[nonce]);
    assert(state == IDLE);
    armed_by[nonce] = true; live_nonce = 0; session = nonce; last_counter = 0;
    after_stop = false; since_beat = 0; touched = false;
    enter(ARMED)
}

inline set_going() {
    assert(lock_open);
    assert(in_state <= (state == ARMED -> ARMED_FOR : PAUSED_FOR));
    since_beat = 0; asked = false; since_asked = 0; after_stop = false;
    enter(RUNNING)
}

#define may_start GUARD(LOCK_ANEW_AT_START, lock_open)
#define may_go_on GUARD(LOCK_ANEW_AT_RESUME, lock_open)
#define window_open GUARD(START_WINDOW, window && in_window <= WINDOW_FOR)
#define is_fresh(key, counter) (state != IDLE && GUARD(KEY_OF_THIS_SESSION, key == session) && \
    GUARD(COMMAND_COUNTER, counter > last_counter))

inline pause() { touched = false; enter(PAUSED); asked = false; since_asked = 0 }

inline obey(command) {
    if
    :: command == OPEN_WINDOW && state == ARMED -> window = true; in_window = 0
    :: command == START && state == ARMED && !KEEPS(BUTTON_STARTS) && may_start -> set_going()
    :: command == RESUME && state == PAUSED && after_stop && KEEPS(BUTTON_AFTER_STOP) ->
        window = true; in_window = 0
    :: command == RESUME && state == PAUSED && (!after_stop || !KEEPS(BUTTON_AFTER_STOP)) &&
        may_go_on -> set_going()
    :: command == BEAT && state == PAUSED && !KEEPS(PAUSE_NEEDS_TOUCH) && may_go_on -> set_going()
    :: command == BEAT && (state != PAUSED || KEEPS(PAUSE_NEEDS_TOUCH)) -> since_beat = 0
    :: command == STILL_HERE -> asked = false; since_asked = 0
    :: else
    fi
}

inline press() {
    if
    :: state == RUNNING -> pause(); after_stop = true; stop_known = true
    :: state == ARMED && window_open && may_start -> touched = true; stop_known = false;
        assert(window && in_window <= WINDOW_FOR); set_going()
    :: state == PAUSED && window && in_window <= WINDOW_FOR && may_go_on -> touched = true;
        stop_known = false; set_going()
    :: else
    fi
}

inline stop() {
    stop_known = true;
    if
    :: state == ARMED -> leave()
    :: state == RUNNING && KEEPS(STOP_INSIDE_TRAIN) -> pause(); after_stop = true
    :: state == RUNNING && !KEEPS(STOP_INSIDE_TRAIN) -> stop_at_train_end = true
    :: state == PAUSED -> after_stop = true; window = false; in_window = 0
    :: else
    fi
}

inline pulse() {
    assert(!stop_known);
    assert(touched);
    assert(since_beat <= BEAT_LIMIT);
    assert(!asked || since_asked <= ANSWER_WITHIN)
}

/* Time passes; what is overdue happens with it. */
inline pass(ticks) {
    in_state = (state == ARMED || state == PAUSED -> GROWN(in_state, ticks) : 0);
    in_window = (window -> GROWN(in_window, ticks) : 0);
    since_beat = (state == ARMED || state == RUNNING -> GROWN(since_beat, ticks) : 0);
    since_asked = (asked -> GROWN(since_asked, ticks) : 0)
}

#define beat_missed (since_beat > BEAT_LIMIT && KEEPS(MISSED_BEAT_PAUSES))
#define answer_missed (asked && since_asked > ANSWER_WITHIN && KEEPS(STILL_HERE_PAUSES))
#define armed_too_long (in_state > ARMED_FOR && KEEPS(ARMED_TIMEOUT))
#define paused_too_long (in_state > PAUSED_FOR && KEEPS(PAUSE_LIMIT))

inline reboot() {
    live_nonce = 0;
    if
    :: KEEPS(KEY_DIES_AT_REBOOT) -> leave()
    :: else -> last_counter = 0
    fi
}

#ifdef TRACE

#define COMES(what) ARGUMENT; argument > last_counter; last_counter = argument; obey(what); TAKEN

active proctype driver() {
    BEGIN_TRACE;
    do
    :: atomic { NEXT(PASS) -> ARGUMENT; pass(argument); TAKEN }
    :: atomic { NEXT(NONCE) -> ARGUMENT; live_nonce = argument; TAKEN }
    :: atomic { NEXT(ARM) && state == IDLE -> ARGUMENT; argument == live_nonce; arm(argument);
        TAKEN }
    /* armed ends by itself, and leaves no record */
    :: atomic { state == ARMED && (in_state >= ARMED_FOR || since_beat >= BEAT_LIMIT) -> leave() }
    :: atomic { NEXT(OPEN_WINDOW) && state == ARMED -> COMES(OPEN_WINDOW) }
    :: atomic { NEXT(BEAT) && state != IDLE -> COMES(BEAT) }
    :: atomic { NEXT(STILL_HERE) && state != IDLE -> COMES(STILL_HERE) }
    :: atomic { NEXT(RESUME) && state == PAUSED -> touched = true; COMES(RESUME) }
    :: atomic { NEXT(PRESS) -> press(); TAKEN }
    /* the lock may say no to a press; to one that pauses it never does */
    :: atomic { NEXT(PRESS) && state != RUNNING -> TAKEN }
    :: atomic { NEXT(STOP) -> stop(); TAKEN }
    :: atomic { NEXT(PULSE) && state == RUNNING && touched && since_beat <= BEAT_LIMIT ->
        pulse(); TAKEN }
    :: atomic { NEXT(PAUSE) && state == PAUSED -> TAKEN }
    :: atomic { NEXT(PAUSE) && state == RUNNING -> pause(); TAKEN }
    :: atomic { NEXT(GO) && state == RUNNING -> TAKEN }
    :: atomic { NEXT(LEAVE) -> leave(); TAKEN }
    :: atomic { NEXT(CUT) -> reboot(); TAKEN }
    :: NEXT(END) -> assert(false)
    od
}

#else

/* What the phones have sent: arm requests by nonce, sealed commands by session and counter. */
byte nonces;
bool requested[ARMS + 1];
mtype sealed[(ARMS + 1) * (SEALED + 1)];
bool acted[(ARMS + 1) * (SEALED + 1)];
byte count[ARMS + 1];
byte from, at;

#define SLOT(key, counter) ((key) * (SEALED + 1) + (counter))
/* The second phone seals one command less: two are enough to start. */
#define knows_key(key) (requested[key] && armed_by[key] && count[key] < SEALED + 1 - (key))

inline seal(key, command) {
    count[key]++; sealed[SLOT(key, count[key])] = command
}

/* The app shows "go on" in a pause only, and not while an answer to it is due or a press is. */
inline no_resume_is_due(key) {
    at = 1;
    do
    :: at <= SEALED && (sealed[SLOT(key, at)] != RESUME || acted[SLOT(key, at)] ||
        at <= last_counter) -> at++
    :: else -> break
    od;
    at > SEALED
}

active [2] proctype phone() {
end:
    do
    :: atomic { nonces < ARMS && _pid == nonces -> nonces++; live_nonce = nonces;
        requested[nonces] = true }
    :: atomic { knows_key(_pid + 1) -> seal(_pid + 1, OPEN_WINDOW) }
    :: atomic { knows_key(_pid + 1) -> seal(_pid + 1, BEAT) }
    :: atomic { knows_key(_pid + 1) -> seal(_pid + 1, STILL_HERE) }
    :: atomic { knows_key(_pid + 1) && state == ARMED -> seal(_pid + 1, START) }
    :: atomic { knows_key(_pid + 1) && state == PAUSED && session == _pid + 1 &&
        !(window && in_window <= WINDOW_FOR) ->
        no_resume_is_due(_pid + 1); at = 0; touched = true; seal(_pid + 1, RESUME) }
    od
}

active proctype person() {
end:
    do
    :: atomic { state != IDLE -> press() }
    :: atomic { state != IDLE -> stop() }
    od
}

active proctype link_in_wrong_hands() {
end:
    do
    :: atomic { select(from : 1 .. ARMS);
        if
        :: requested[from] && lock_open && GUARD(CONTROL_IN_IDLE, state == IDLE) &&
            GUARD(ARM_NONCE_ONCE, live_nonce == from) -> arm(from)
        :: else
        fi;
        from = 0 }
    :: atomic { state != IDLE -> select(from : 1 .. ARMS); select(at : 1 .. SEALED);
        if
        :: sealed[SLOT(from, at)] != 0 && is_fresh(from, at) ->
            assert(from == session && !acted[SLOT(from, at)]);
            acted[SLOT(from, at)] = true; last_counter = MAX(last_counter, at);
            obey(sealed[SLOT(from, at)])
        :: else
        fi;
        from = 0; at = 0 }
    :: atomic { state == PAUSED && !KEEPS(COMMAND_MAC) -> obey(RESUME) }
    od
}

active proctype band() {
end:
    do
    :: atomic { state == RUNNING -> pulse(); WITNESS(PULSE);
        if
        :: session == 2 -> WITNESS(SECOND_PHONE)
        :: acted[SLOT(1, 2)] && sealed[SLOT(1, 2)] == RESUME -> WITNESS(WENT_ON)
        :: else
        fi }
    :: atomic { state == RUNNING && !asked -> asked = true }
    :: atomic { state == RUNNING && stop_at_train_end -> stop_at_train_end = false; pause() }
    :: atomic { state == RUNNING -> leave() }
    :: atomic { state == ARMED || state == PAUSED -> lock_open = !lock_open }
    :: atomic { state == IDLE && !lock_open -> lock_open = true }
    :: atomic { pass(1);
        if
        :: state == ARMED && (beat_missed || armed_too_long) -> leave()
        :: state == PAUSED && paused_too_long -> leave()
        :: state == RUNNING && (beat_missed || answer_missed) -> pause()
        :: else
        fi }
    :: atomic { state != IDLE -> reboot() }
    od
}

#endif
