/* Wall clock: a cloud that gives any time token moves no lock, and a permission that ended, as far
 * as the band's own records show, does not come back (invariants 2 and 5; R5, R7).
 *
 * True time is a number of ticks. The band knows a wall clock only by a token and its backed clock,
 * which may break while the power is off. What a lying token can do after such a loss is not
 * hidden: it is the good end NO_WORSE_THAN_THE_RECORD.
 */
#include "guards.h"

#define HORIZON 9
#define VALID_UNTIL 6
#define INTERVAL 2
#define LONG_AGO 3

byte now, token;
bool powered = true, lied_after_loss;
byte since_pulse_truly = LONG_AGO;

/* The band: a wall clock that runs a constant step beside the truth, and its newest record's */
bool wall_known, unbroken = true;
short step_off;
byte newest_record, since_pulse = LONG_AGO;

#define wall (now + step_off)

inline note_record() {
    newest_record = (wall_known && wall > newest_record -> wall : newest_record)
}

inline set_wall(to) {
    since_pulse = (!KEEPS(LOCKS_ON_PROVEN_TIME) && (to) > wall -> LONG_AGO : since_pulse);
    lied_after_loss = lied_after_loss || (!wall_known && (to) != now);
    step_off = (to) - now; wall_known = true;
    note_record()
}

active proctype band() {
end:
    do
    :: atomic { powered && since_pulse >= INTERVAL && wall < VALID_UNTIL &&
        GUARD(WALL_LOST_ENDS_PERMISSIONS, wall_known) ->
        assert(since_pulse_truly >= INTERVAL);
        assert(now < VALID_UNTIL || lied_after_loss);
        assert(newest_record < VALID_UNTIL);
        if
        :: now >= VALID_UNTIL -> WITNESS(NO_WORSE_THAN_THE_RECORD)
        :: else -> WITNESS(PULSE)
        fi;
        since_pulse = 0; since_pulse_truly = 0; note_record() }
    :: atomic { powered -> note_record() }
    od
}

active proctype time_and_power() {
end:
    do
    :: atomic { now < HORIZON -> now++;
        since_pulse_truly = MIN(since_pulse_truly + 1, LONG_AGO);
        since_pulse = (powered -> MIN(since_pulse + 1, LONG_AGO) : since_pulse) }
    :: atomic { powered -> powered = false; unbroken = true }
    :: atomic { !powered && unbroken -> unbroken = false }
    :: atomic { !powered -> powered = true;
        if
        :: !unbroken -> wall_known = false; step_off = -now
        :: else
        fi }
    od
}

active proctype cloud() {
end:
    do
    :: atomic { powered -> select(token : 0 .. HORIZON);
        if
        :: GUARD(TOKEN_NOT_BEFORE_RECORD, token >= newest_record) &&
            GUARD(CORRECTION_BOUNDED, !wall_known || token == wall) -> set_wall(token)
        :: else
        fi;
        token = 0 }
    od
}
