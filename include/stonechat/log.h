/*
 * log: one line an event, to stderr, key=value or JSON.
 *
 * A line holds the time, the level, the event's name (snake_case words) and its fields. Values are
 * escaped, so that no name or header can forge a line or send an escape sequence to a terminal.
 * Never pass a password, token or message text. A line has at most 4096 bytes: a longer one is
 * cut within a value, stays well formed and bears `cut=yes`.
 *
 * Whole lines are written with one write(2); when stderr can't take them (disk full, O_NONBLOCK
 * and full) they are dropped and counted; nothing waits, unless stderr is a pipe that blocks. May
 * be called from any thread, and with no memory left.
 */
#ifndef STONECHAT_LOG_H
#define STONECHAT_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum sc_log_level { SC_LOG_DEBUG, SC_LOG_INFO, SC_LOG_WARNING, SC_LOG_ERROR };

struct sc_settings;

/* To be called once, before threads start; `program` is lent for ever. */
void sc_log_init(const struct sc_settings *settings, const char *program);

/*
 * sc_log(SC_LOG_INFO, "session_opened", "user", user, "address", address, NULL)
 * Fields are pairs of strings, ended by NULL; a NULL value leaves its pair out.
 */
void sc_log(enum sc_log_level level, const char *event, ...) __attribute__((sentinel));

/* Whether lines of that level are written: for those whose fields cost something. */
bool sc_log_is_on(enum sc_log_level level);

/* The same whatever the level is: for what somebody has asked to follow. */
void sc_log_anyway(enum sc_log_level level, const char *event, ...) __attribute__((sentinel));

/* A number as a field's value: points into a small ring of buffers of the calling thread. */
const char *sc_log_number(int64_t number);

/* How many lines were dropped since the start. */
uint64_t sc_log_dropped(void);

#endif
