/* Record: every record of the band reaches the cloud exactly once and in order, or the gap or the
 * fork is shown; nothing is overwritten that the cloud has not got (invariant 8; R27, R28).
 *
 * Whatever a phone has sent may come to the cloud late, twice, out of order or never. A phone may
 * be lost with its outbox. A second chain of the same band, from a copy of its flash, may send too.
 */
#include "guards.h"

#define RECORDS 3
#define COMMON 1
#define PHONES 2

/* The band: records by number, chain 1; chain 2 shares the first COMMON records */
byte written, head_sent, receipted, overwritten;
bool lost_tail, sealed_log;

/* Phones, which take turns with the band: a mark up to which they have read, and an outbox */
byte mark[PHONES];
bool outbox[PHONES * (RECORDS + 1)];

/* Everything that was ever sent to the cloud, and stays in somebody's hands */
bool sent[RECORDS + 1], sent_by_copy[RECORDS + 1];

/* The cloud */
byte stored, counted[RECORDS + 1];
bool gap_shown, fork_shown, saw_other;

byte number;

#define AT(phone, number) ((phone) * (RECORDS + 1) + (number))
#define of_other_chain(number) ((number) > COMMON)

active proctype band() {
end:
    do
    :: atomic { written < RECORDS && !sealed_log -> written++;
        assert(!(lost_tail && written <= head_sent)) }
    :: atomic { written > head_sent -> head_sent = written }
    :: atomic { !lost_tail && written > stored && written > overwritten && written > 1 ->
        /* a page of flash goes bad */
        lost_tail = true; written--;
        sealed_log = (written < head_sent && KEEPS(NUMBERS_NEVER_REUSED)) }
    :: atomic { overwritten < written && GUARD(OVERWRITE_RECEIPTED, overwritten < receipted) ->
        overwritten++; assert(overwritten <= stored) }
    od
}

active [PHONES] proctype phone_and_outbox() {
    byte next;
end:
    do
    :: atomic { mark[_pid - 1] < written && mark[_pid - 1] >= overwritten ->
        mark[_pid - 1]++; outbox[AT(_pid - 1, mark[_pid - 1])] = true }
    :: atomic { mark[_pid - 1] < overwritten -> mark[_pid - 1] = overwritten }
    :: atomic { select(next : 1 .. RECORDS);
        if
        :: outbox[AT(_pid - 1, next)] -> sent[next] = true;
            if
            :: !KEEPS(OUTBOX_UNTIL_ACKNOWLEDGED) -> outbox[AT(_pid - 1, next)] = false
            :: else
            fi
        :: else
        fi;
        next = 0 }
    :: atomic { select(next : 1 .. RECORDS);
        if
        :: outbox[AT(_pid - 1, next)] && next <= stored -> outbox[AT(_pid - 1, next)] = false
        :: else
        fi;
        next = 0 }
    :: atomic { _pid == PHONES -> mark[_pid - 1] = 0; next = 1;
        do
        :: next <= RECORDS -> outbox[AT(_pid - 1, next)] = false; next++
        :: else -> break
        od;
        next = 0 }
    od
}

inline take() { stored++; counted[stored]++ }

active proctype cloud() {
    byte arrived;
end:
    do
    :: atomic { select(arrived : 1 .. RECORDS);
        if
        :: !sent[arrived] -> skip
        :: sent[arrived] && arrived == stored + 1 -> take(); WITNESS(STORED)
        :: sent[arrived] && arrived <= stored ->
            counted[arrived] = counted[arrived] + !KEEPS(DUPLICATE_ONCE)
        :: sent[arrived] && arrived > stored + 1 ->
            if
            :: KEEPS(CHAIN_CONTINUITY) -> gap_shown = true
            :: else -> stored = arrived; counted[arrived]++
            fi
        fi;
        assert(counted[1] == (stored >= 1) && counted[2] == (stored >= 2) &&
            counted[3] == (stored >= 3));
        gap_shown = gap_shown && (stored < RECORDS);
        arrived = 0 }
    :: atomic { select(arrived : 1 .. RECORDS);
        if
        :: sent_by_copy[arrived] && of_other_chain(arrived) &&
            (arrived <= stored || (arrived == stored + 1 && stored > COMMON)) ->
            saw_other = true; fork_shown = fork_shown || KEEPS(FORK_SHOWN)
        :: else
        fi;
        assert(!saw_other || fork_shown);
        arrived = 0 }
    /* a receipt of this chain's newest, or one that the copy's chain earned at another cloud */
    :: atomic { stored > receipted && GUARD(RECEIPT_UP_TO_SENT_HEAD, stored <= head_sent) ->
        assert(stored <= head_sent); receipted = stored; WITNESS(RECEIPTED) }
    :: atomic { select(arrived : 1 .. RECORDS);
        if
        :: arrived > receipted && arrived <= head_sent &&
            GUARD(RECEIPT_HASH, !of_other_chain(arrived) && arrived <= stored) ->
            receipted = arrived
        :: else
        fi;
        arrived = 0 }
    od
}

active proctype copy_of_the_band() {
end:
    do
    :: atomic { select(number : 1 .. RECORDS); sent_by_copy[number] = true; number = 0 }
    od
}

/* What the first phone has read, it still has, or the cloud has it. */
active proctype invariant_8() {
end:
    atomic { mark[0] >= 1 && stored < 1 && !outbox[AT(0, 1)] -> assert(false) }
}
