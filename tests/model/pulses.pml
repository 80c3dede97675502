/* Pulses and flash: whatever power cut, fault of a part or restored image, no more was fired than
 * the flash says (invariants 4 and 8; R1, R2, R27, R29).
 *
 * The log is modelled entry by entry; each step of the device is one write or one act, and power
 * may go between any two and inside a write. One fault of each kind happens at most: a glitch of
 * the trigger, a pulse that the counter missed, software that runs away, a flipped bit, a lost last
 * page, an image of the flash restored.
 */
#include "guards.h"

#ifdef TRACE
#define ENTRIES 6000
#else
#define ENTRIES 5
#endif
#define SLICE 2

/* An entry: a reserve of 1 to 50 pulses, a close with a charge, or a hold. */
#define CLOSED_WITH(charge) (100 + (charge))
#define IS_CLOSE(entry) ((entry) >= 100 && (entry) < 200)
#define HELD 200
#define OF_NO_WEIGHT 201

/* Flash, and the counter outside it */
byte log[ENTRIES];
short entries, sent;
bool torn;
byte flipped;
short outside;

/* What the log adds up to, kept with it */
short charged, steps;
byte reserved;
bool open, held;

/* The device's memory: gone with the power */
bool powered, fault, stepped, loaded_once, closed_once;
byte loaded, commanded, measured, kept_charge;

/* The world: what really happened */
short fired;
bool tampered, restored, tail_lost, hold_known, hold_sent;
bool glitched, missed, ran_away;
short lifted_before;

inline add_up(last) {
    d_step {
        index = 0; charged = 0; steps = 0; reserved = 0; open = false; held = false;
        do
        :: index < last ->
            if
            :: IS_CLOSE(log[index]) ->
                charged = charged - (reserved - (log[index] - 100)); open = false
            :: log[index] == HELD -> held = (index >= lifted_before)
            :: log[index] == OF_NO_WEIGHT -> skip
            :: else ->
                reserved = log[index]; charged = charged + reserved; steps++; open = true
            fi;
            index++
        :: else -> break
        od;
        index = 0
    }
}

inline forget() {
    powered = false; fault = false; stepped = false; loaded_once = false; closed_once = false;
    loaded = 0; commanded = 0; measured = 0; kept_charge = 0
}

inline append(entry) {
    log[entries] = entry; entries++
}

#define serving (powered && !fault)
#define may_reserve (serving && !open && !held && entries < ENTRIES)
#define may_step (serving && open && !stepped)
#define may_load (serving && !loaded_once && \
    GUARD(RESERVE_BEFORE_FIRE, open) && \
    (GUARD(COUNTER_BEFORE_FIRST_PULSE, stepped) || !open))
#define may_fire (serving && loaded_once && commanded < reserved)
#define may_close (serving && open && loaded_once && entries < ENTRIES)
#define gate_open GUARD(COUNTDOWN_GATES_TRIGGER, loaded > 0)

inline reserve(pulses) {
    append(pulses);
    reserved = pulses; charged = charged + pulses; steps++; open = true;
    stepped = false; loaded_once = false; closed_once = false; commanded = 0; measured = 0
}

inline step_counter() { outside++; stepped = true }

inline load(pulses) { loaded = pulses; loaded_once = true }

inline pulse() {
    fired++; loaded = MAX(loaded, 1) - 1;
    assert(!hold_known || restored || (tail_lost && !hold_sent));
    WITNESS(FIRED)
}

inline close_slice() {
    loaded = 0;
    kept_charge = (KEEPS(CHARGE_THE_GREATER) -> MAX(commanded, measured) : commanded);
    fault = (commanded != measured);
    append(CLOSED_WITH(kept_charge));
    charged = charged - (reserved - kept_charge);
    open = false; stepped = false; loaded_once = false; closed_once = true
}

inline recover() {
    torn = false;
    if
    :: flipped && KEEPS(TORN_TAIL_ONLY) -> fault = true
    :: flipped && !KEEPS(TORN_TAIL_ONLY) -> entries = flipped - 1; flipped = 0
    :: else
    fi;
    add_up(entries);
    if
    :: steps == outside + 1 -> outside++
    :: steps != outside && steps != outside + 1 ->
        fault = fault || KEEPS(LEDGER_BEHIND_COUNTER_IS_FAULT)
    :: else
    fi;
    if
    :: entries < sent && KEEPS(SENT_HEAD_STAYS) -> fault = true
    :: else
    fi;
    open = false; powered = true
}

#ifdef TRACE

short index;

active proctype driver() {
    BEGIN_TRACE;
    powered = true;
    do
    :: atomic { NEXT(RESERVE) && may_reserve -> ARGUMENT; reserve(argument); TAKEN }
    :: atomic { NEXT(COUNTER) && may_step -> step_counter(); TAKEN }
    :: atomic { NEXT(LOAD) && may_load -> ARGUMENT; argument == reserved; load(argument); TAKEN }
    :: atomic { NEXT(PULSE) && may_fire && gate_open -> commanded++; measured++; pulse(); TAKEN }
    :: atomic { NEXT(CLOSE_SLICE) && may_close -> ARGUMENT; argument == measured;
        close_slice(); TAKEN }
    :: atomic { NEXT(OTHER) && serving -> append(OF_NO_WEIGHT); TAKEN }
    :: atomic { NEXT(HOLD) && serving -> append(HELD); held = true; hold_known = true; TAKEN }
    :: atomic { NEXT(LIFT) && held -> append(OF_NO_WEIGHT); held = false; hold_known = false;
        lifted_before = entries; TAKEN }
    :: atomic { NEXT(CUT) && powered -> forget(); TAKEN }
    :: atomic { NEXT(BOOT) && !powered -> recover(); !fault -> TAKEN }
    :: NEXT(END) -> assert(false)
    od
}

#else

byte index;
byte old_log[ENTRIES];
byte old_entries, old_sent;
bool has_image;

active proctype device() {
end:
    do
    :: atomic { may_reserve ->
        if
        :: reserve(SLICE)
        :: torn = true; forget()
        fi }
    :: atomic { may_step -> step_counter() }
    :: atomic { may_load -> load(SLICE); reserved = SLICE }
    :: atomic { may_fire && gate_open -> commanded++; measured++; pulse() }
    :: atomic { may_close ->
        if
        :: close_slice()
        :: torn = true; forget()
        fi }
    :: atomic { serving && closed_once && !KEEPS(RELEASE_ONCE) && entries < ENTRIES ->
        append(CLOSED_WITH(kept_charge)); charged = charged - (reserved - kept_charge);
        closed_once = false }
    :: atomic { serving && !open && !held && entries < ENTRIES ->
        append(HELD); held = true; hold_known = true }
    :: atomic { serving && sent < entries -> sent = entries; hold_sent = hold_sent || held }
    :: atomic { !powered -> recover(); WITNESS(BOOTED) }
    od
}

active proctype faults() {
end:
    do
    :: atomic { serving && loaded_once && gate_open && !glitched && !missed ->
        glitched = true; measured++; pulse() }
    :: atomic { may_fire && gate_open && !missed && !glitched ->
        missed = true; commanded++; pulse() }
    :: atomic { serving && loaded_once && commanded >= reserved && gate_open && !ran_away ->
        ran_away = true; commanded++; measured++; pulse() }
    :: atomic { powered -> forget() }
    od
}

/* Whoever has the band in hand while it is off, or flash that goes bad. */
active proctype tampering() {
end:
    do
    :: atomic { !powered && !has_image ->
        has_image = true; old_entries = entries; old_sent = sent;
        do
        :: index < entries -> old_log[index] = log[index]; index++
        :: else -> break
        od;
        index = 0 }
    :: atomic { !powered && has_image && !restored ->
        restored = true; tampered = true; torn = false; flipped = 0;
        entries = old_entries; sent = old_sent;
        do
        :: index < ENTRIES -> log[index] = old_log[index]; index++
        :: else -> break
        od;
        index = 0 }
    :: atomic { !powered && !tampered && !torn && entries > 0 ->
        tampered = true; select(flipped : 1 .. entries) }
    :: atomic { !powered && !tampered && !torn && entries > 0 ->
        tampered = true; tail_lost = true; entries--; log[entries] = 0 }
    od
}

active proctype invariant_4() {
end:
    atomic { fired > charged && (serving || !tampered) -> assert(false) }
}

active proctype good_ends() {
end:
    atomic { fired == 2 * SLICE && !fault -> WITNESS(TWO_SLICES) }
}

#endif
