/* Windows: what is charged in a day window, in the device's ceilings and in a course stays within
 * the limits by true time, over reboots, make-ups, renewals and a change of patient (invariant 1;
 * R8, R9).
 *
 * Charges are kept one by one with two ages in ticks: the one that the device can prove, and the
 * true one, which the device does not see.
 */
#include "guards.h"

#ifdef TRACE
#define time_t int
#define SLOTS 250
#else
#define time_t byte
#define SLOTS 5
#define SLICE_UNITS 1
#define SESSION_UNITS 2
#define DAY 3
#define DAY_UNITS 3
#define DAY_SESSIONS 2
#define CEILING 4
#define CEILING_UNITS 4
#define COURSE_SESSIONS 2
#define HAND_OVERS 1
#endif

/* Charges, in flash, the newest first: units, whether one counts a session, whose it is */
time_t age[SLOTS], true_age[SLOTS];
byte units[SLOTS];
bool counts[SLOTS], former[SLOTS];
byte index;
#define NEWEST 0

/* The open or last session, in flash */
bool open, reserved, counted, made_up;
short rest, given;
byte course;

bool powered = true;
time_t off_for;

/* The world */
byte course_truly, hand_overs;

short window, ceiling, true_window, true_ceiling;
byte sessions, true_sessions;

inline move(to, from) {
    age[to] = age[from]; true_age[to] = true_age[from]; units[to] = units[from];
    counts[to] = counts[from]; former[to] = former[from]
}

inline clear(at) {
    age[at] = 0; true_age[at] = 0; units[at] = 0; counts[at] = false; former[at] = false
}

inline pass(ticks) {
    off_for = (powered -> 0 : MIN(off_for + (ticks), CEILING));
    index = 0;
    do
    :: index < SLOTS && units[index] > 0 ->
        true_age[index] = MIN(true_age[index] + (ticks), CEILING);
        age[index] = (powered -> MIN(age[index] + (ticks), CEILING) : age[index]);
        index++
    :: index < SLOTS && units[index] == 0 -> index++
    :: else -> break
    od;
    index = 0
}

inline catch_up() {
    index = 0;
    do
    :: index < SLOTS && units[index] > 0 -> age[index] = MIN(age[index] + off_for, CEILING); index++
    :: index < SLOTS && units[index] == 0 -> index++
    :: else -> break
    od;
    index = 0
}

/* Add up the windows, by the device's ages and by the true ones; forget what is out of all. */
inline add_up() {
    index = 0; window = 0; sessions = 0; ceiling = 0;
    true_window = 0; true_sessions = 0; true_ceiling = 0;
    do
    :: index < SLOTS ->
        if
        :: !former[index] && age[index] < DAY ->
            window = window + units[index]; sessions = sessions + counts[index]
        :: else
        fi;
        if
        :: !former[index] && true_age[index] < DAY ->
            true_window = true_window + units[index];
            true_sessions = true_sessions + counts[index]
        :: else
        fi;
        if
        :: age[index] < CEILING && (KEEPS(CEILINGS_NEVER_WIPED) || !former[index]) ->
            ceiling = ceiling + units[index]
        :: else
        fi;
        if
        :: true_age[index] < CEILING -> true_ceiling = true_ceiling + units[index]
        :: else
        fi;
        if
        :: age[index] >= CEILING && true_age[index] >= CEILING && !(reserved && index == NEWEST) ->
            clear(index)
        :: else
        fi;
        index++
    :: else -> break
    od;
    index = 0
}

inline forget_sums() {
    window = 0; sessions = 0; ceiling = 0; true_window = 0; true_sessions = 0; true_ceiling = 0
}

#define wanted(whole) (KEEPS(SESSION_FITS_WHOLE) -> (whole) : 1)
#define fits(whole, more) \
    (GUARD(DAY_WINDOW, window + wanted(whole) <= DAY_UNITS && sessions + more <= DAY_SESSIONS) && \
     ceiling + wanted(whole) <= CEILING_UNITS && course + more <= COURSE_SESSIONS)

inline open_session() {
    open = true; counted = false; made_up = false; rest = SESSION_UNITS; given = 0
}

inline make_room() {
    assert(units[SLOTS - 1] == 0);
    index = SLOTS - 1;
    do
    :: index > 0 -> move(index, index - 1); index--
    :: else -> break
    od;
    clear(NEWEST)
}

inline drop_newest() {
    index = 0;
    do
    :: index < SLOTS - 1 -> move(index, index + 1); index++
    :: else -> break
    od;
    clear(SLOTS - 1); index = 0
}

inline reserve(amount) {
    d_step { make_room() };
    units[NEWEST] = amount; counts[NEWEST] = !counted;
    course = course + (!counted || !KEEPS(SESSION_COUNTED_ONCE));
    course_truly = course_truly + !counted;
    counted = true; reserved = true; rest = rest - amount; given = given + amount;
    d_step { add_up() };
    assert(true_window <= DAY_UNITS && true_sessions <= DAY_SESSIONS);
    assert(true_ceiling <= CEILING_UNITS);
    assert(course_truly <= COURSE_SESSIONS);
    assert(course == course_truly);
    forget_sums()
}

/* Give back what was not fired. */
inline close_slice(fired) {
    given = given - (units[NEWEST] - (fired)); rest = rest + units[NEWEST] - (fired);
    reserved = false;
    if
    :: (fired) == 0 && given == 0 -> uncount(); d_step { drop_newest() }
    :: (fired) == 0 && given > 0 ->
        counts[NEWEST + 1] = counts[NEWEST + 1] || counts[NEWEST]; d_step { drop_newest() }
    :: else -> units[NEWEST] = fired
    fi
}

/* A session that comes to nothing counts as none. */
inline uncount() {
    course--; course_truly--; counted = false; counts[NEWEST] = false
}

inline close_session() {
    open = false; reserved = false
}

#ifdef TRACE

active proctype driver() {
    BEGIN_TRACE;
    do
    :: atomic { NEXT(PASS) -> ARGUMENT; pass(argument); TAKEN }
    :: atomic { NEXT(OPEN) && powered && !open -> d_step { add_up() };
        fits(SESSION_UNITS, 1) -> forget_sums(); open_session(); TAKEN }
    :: atomic { NEXT(OPEN) && powered && !open && given > 0 && rest > 0 && !made_up ->
        d_step { add_up() }; fits(rest, 0) -> forget_sums(); open = true; made_up = true; TAKEN }
    :: atomic { NEXT(RESERVE) && powered && open && !reserved -> ARGUMENT; argument <= rest;
        reserve(argument); TAKEN }
    :: atomic { NEXT(CLOSE_SLICE) && powered && open && reserved -> ARGUMENT;
        argument <= units[NEWEST]; close_slice(argument); TAKEN }
    :: atomic { NEXT(CLOSE_SESSION) && powered && open -> close_session(); TAKEN }
    :: atomic { NEXT(CUT) && powered -> powered = false; off_for = 0; TAKEN }
    :: atomic { NEXT(BOOT) && !powered -> ARGUMENT;
        if
        :: argument -> catch_up()
        :: else
        fi;
        powered = true; off_for = 0; TAKEN }
    :: NEXT(END) -> assert(false)
    od
}

#else

active proctype device() {
end:
    do
    :: atomic { powered && !open -> d_step { add_up() };
        if
        :: fits(SESSION_UNITS, 1) -> open_session()
        :: else
        fi;
        forget_sums() }
    :: atomic { powered && !open && given > 0 && rest > 0 && !made_up -> d_step { add_up() };
        if
        :: fits(rest, 0) -> open = true; made_up = true; WITNESS(MAKE_UP)
        :: else
        fi;
        forget_sums() }
    :: atomic { powered && open && !reserved && rest > 0 -> reserve(SLICE_UNITS) }
    :: atomic { powered && open && reserved -> close_slice(0) }
    :: atomic { powered && open && reserved -> close_slice(SLICE_UNITS) }
    :: atomic { powered && open && !reserved -> close_session() }
    od
}

active proctype time_and_power() {
end:
    do
    :: d_step { true -> pass(1) }
    :: atomic { powered -> powered = false; off_for = 0 }
    :: d_step { !powered -> catch_up(); powered = true; off_for = 0;
        if
        :: open -> close_session()
        :: else
        fi }
    :: d_step { !powered -> powered = true; off_for = 0;
        if
        :: open -> close_session()
        :: else
        fi }
    od
}

active proctype clinic() {
end:
    do
    :: atomic { powered && !open && course > 0 && !KEEPS(COURSE_TOTAL_KEPT) -> course = 0 }
    :: d_step { powered && !open && hand_overs < HAND_OVERS ->
        hand_overs++; course = 0; course_truly = 0; counted = false; given = 0; rest = 0;
        made_up = false;
        do
        :: index < SLOTS -> former[index] = (units[index] > 0); index++
        :: else -> break
        od;
        index = 0 }
    od
}

active proctype good_ends() {
end:
    atomic { course == COURSE_SESSIONS && hand_overs == 1 -> WITNESS(COURSE_OF_SECOND_PATIENT) }
}

#endif
