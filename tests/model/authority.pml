/* Authority: of all that was ever signed, offered in any order and any number of times, only what
 * is in force gives a pulse (invariant 5; R15, R17, R18, R22).
 *
 * Eight signed prescriptions stand in a small catalogue below; two prescribers, A and B, of whom A
 * leaves and then turns out to be compromised; two patients. The band is patient 1's.
 */
#include "guards.h"

/* number: serial, what it replaces, whether it ends treatment, patient, signer, last day, whether
 * staff has to be there. 3: the same serial as 2, signed elsewhere. 4: signed over 1 when 2 was in
 * force. 5: an end. 6: for another patient. 7: treatment after the end. 8: by a clinic that
 * restored its serials from an old copy. */
#define STATEMENTS 8
#define SERIAL(s) ((s) == 1 || (s) == 6 || (s) == 8 -> 1 : \
    ((s) == 2 || (s) == 3 -> 2 : ((s) == 7 -> 4 : ((s) == 0 -> 0 : 3))))
#define REPLACES(s) ((s) == 1 || (s) == 6 -> 0 : ((s) < 5 -> 1 : ((s) == 7 -> 5 : 2)))
#define ENDS(s) ((s) == 5)
#define PATIENT(s) ((s) == 6 -> 2 : 1)
#define A 1
#define B 2
#define SIGNER(s) ((s) < 3 || (s) == 6 -> A : B)
#define LAST_DAY(s) ((s) == 2 || (s) == 7 -> 1 : 2)
#define SUPERVISED(s) ((s) == 7)
#define DAYS 2
#define LEFT_LAST_DAY 1
#define PRESENT_FOR 1

/* What a revocation says of A; 1 is that A has left, 2 that A's key is compromised. */
mtype = { GOOD, LEFT, COMPROMISED };

byte day, offered;

/* The band, in flash */
byte in_force, signer, revocations;
mtype standing = GOOD;
#define BAND_PATIENT 1

/* The band, in memory */
bool running, nonce_given, presence;
byte session_of, app_patient, since_presence;

/* The world */
bool compromised_here, presence_signed;
byte present_sessions;

#define is_revoked(who) ((who) == A && standing != GOOD)
#define signer_good ((signer == B || standing == GOOD || \
    (standing == LEFT && GUARD(LEFT_UNTIL, day <= LEFT_LAST_DAY)) || \
    (standing == COMPROMISED && !KEEPS(COMPROMISED_LOCKS))))
#define may_treat (in_force != 0 && GUARD(END_LOCKS, !ENDS(in_force)) && signer_good)
#define may_open (!running && may_treat && \
    (!SUPERVISED(in_force) || (presence && \
        GUARD(SUPERVISE_IN_TIME, since_presence <= PRESENT_FOR))))

#define follows(s) (GUARD(REPLACES_HASH, REPLACES(s) == in_force) && \
    GUARD(SERIAL_RISES, SERIAL(s) > SERIAL(in_force)))
#define is_acceptable(s) (GUARD(PATIENT_MATCH, PATIENT(s) == BAND_PATIENT) && \
    GUARD(INSTALL_BY, day <= LAST_DAY(s)) && \
    GUARD(REVOKED_INSTALLS_NOTHING, !is_revoked(SIGNER(s))))
#define may_install(s) (follows(s) && is_acceptable(s) && \
    (ENDS(s) || GUARD(CHANGE_IN_IDLE, !running)))
/* Another prescriber signs the same bytes once the signer is revoked. */
#define may_adopt(s) (SERIAL(s) == SERIAL(in_force) && is_revoked(signer) && !running && \
    PATIENT(s) == BAND_PATIENT && GUARD(SAME_SERIAL_SAME_BYTES, (s) == in_force))

inline close() { running = false; session_of = 0; app_patient = 0 }

inline close_if_not_good() {
    if
    :: running && !signer_good -> close()
    :: else
    fi
}

inline install(s) {
    assert(SERIAL(s) > SERIAL(in_force) && REPLACES(s) == in_force);
    assert(PATIENT(s) == BAND_PATIENT && day <= LAST_DAY(s));
    assert(SIGNER(s) != A || standing == GOOD);
    in_force = s; signer = SIGNER(s);
    if
    :: ENDS(s) && KEEPS(END_CLOSES_SESSION) -> close()
    :: else
    fi
}

active proctype band() {
end:
    do
    :: atomic { may_open ->
        if
        :: app_patient = BAND_PATIENT
        :: GUARD(ARM_NAMES_PATIENT, false) -> app_patient = 2
        fi;
        running = true; session_of = in_force;
        if
        :: SUPERVISED(in_force) ->
            present_sessions++;
            assert(present_sessions == 1 && since_presence <= PRESENT_FOR);
            presence = !KEEPS(SUPERVISE_ONCE); WITNESS(SUPERVISED_SESSION)
        :: else
        fi }
    :: atomic { running ->
        assert(session_of == in_force && !ENDS(in_force));
        assert(app_patient == BAND_PATIENT);
        assert(signer == B || !compromised_here);
        assert(signer == B || standing != LEFT || day <= LEFT_LAST_DAY);
        WITNESS(PULSE) }
    :: atomic { running -> close() }
    :: atomic { SUPERVISED(in_force) && !nonce_given -> nonce_given = true }
    od
}

active proctype anyone() {
end:
    do
    :: atomic { select(offered : 1 .. STATEMENTS);
        if
        :: may_install(offered) -> install(offered)
        :: may_adopt(offered) -> assert(offered == in_force); signer = B; WITNESS(ADOPTED)
        :: else
        fi;
        offered = 0 }
    :: atomic { nonce_given && !presence_signed -> presence_signed = true; presence = true;
        since_presence = 0 }
    od
}

active proctype clinic_root() {
end:
    do
    :: atomic { GUARD(REVOCATION_IN_ORDER, revocations == 0) ->
        revocations = 1; standing = LEFT; close_if_not_good() }
    :: atomic { GUARD(REVOCATION_IN_ORDER, revocations == 1) ->
        revocations = 2; standing = COMPROMISED; compromised_here = true;
        close_if_not_good() }
    od
}

active proctype time() {
end:
    do
    :: atomic { day < DAYS -> day++;
        since_presence = (presence -> MIN(since_presence + 1, PRESENT_FOR + 1) : 0);
        close_if_not_good() }
    od
}
