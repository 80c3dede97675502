/* What the models share: guards that can be left out, good ends that must be reachable, traces.
 *
 * GUARD(NAME, condition)  the condition; true in the mutant that is made with -DNO_NAME=1
 * KEEPS(NAME)             1; 0 in that mutant
 * WITNESS(NAME)           nothing; fails with -DWITNESS_NAME=1, so that SPIN shows a way to here
 */
#define IS_COMMA_1 ,
#define SECOND_OF(first, second, ...) second
#define IS_SET_BY(comma) SECOND_OF(comma 1, 0, 0)
#define IS_SET(value) IS_SET_AS(value)
#define IS_SET_AS(value) IS_SET_BY(IS_COMMA_##value)

#define GUARD(name, condition) (IS_SET(NO_##name) || (condition))
#define KEEPS(name) (!IS_SET(NO_##name))
#define WITNESS(name) assert(!IS_SET(WITNESS_##name))

#define MAX(a, b) ((a) > (b) -> (a) : (b))
#define MIN(a, b) ((a) < (b) -> (a) : (b))

/* A trace: events of the real firmware core, in the array that traces.py writes. `position` is the
 * next event; the driver takes it only by the step that the model has for it. */
#ifdef TRACE
int position, argument;
#define BEGIN_TRACE c_code { now.position = first_event(); }
#define NEXT(event) (c_expr { events[now.position][0] == EVENT_##event })
#define ARGUMENT c_code { now.argument = events[now.position][1]; }
#define TAKEN position++; c_code { has_reached(now.position); }
#endif
