/*
 * quiet_hours: when somebody does not want to be disturbed: `{from, to, zone, until}` of their
 * wishes.
 *
 * `from` and `to` are minutes of the day as the clock on their wall shows it; a span may go over
 * midnight. Knows nothing of where wishes are kept or what is put off because of them.
 */
#ifndef FCGI_QUIET_HOURS_H
#define FCGI_QUIET_HOURS_H

#include <stdbool.h>
#include <stdint.h>

enum { QUIET_DAY_MINUTES = 24 * 60, QUIET_NEVER = -1 };

struct quiet {
    int from, to;     /* minutes of the day; QUIET_NEVER, or both the same: no such hours */
    const char *zone; /* of the IANA time zones, lent; "": UTC */
    int64_t until_ms; /* not to be disturbed before then; 0: no such wish */
};

/* Minutes of the day from `HH:MM`; QUIET_NEVER where it is none. */
int quiet_minute(const char *text);
/* Whether there is such a time zone. */
bool quiet_zone_valid(const char *zone);
bool quiet_is(const struct quiet *quiet, int64_t now_ms);

#endif
