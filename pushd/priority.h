/*
 * priority: what the loop of events does first.
 *
 * A storm of people who come, or who say much, must not delay what is sent to those who are here:
 * after so many of the callbacks of lower priority the loop looks whether Redis has sent anything.
 */
#ifndef PUSHD_PRIORITY_H
#define PUSHD_PRIORITY_H

enum priority {
    PRIORITY_LIVE,   /* Redis, time, and what has to be written at the end of a turn */
    PRIORITY_PEOPLE, /* connections, and those who want one; libevent's default of two */
    PRIORITIES
};

enum { PRIORITY_CALLBACKS_MAX = 32 }; /* between two looks */

#endif
