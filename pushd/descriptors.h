/*
 * descriptors: as many as the connections of one worker need, or no start at all.
 *
 * Whoever comes to be short of them at run time has promised too much: the limit is looked at
 * before anything is served, when somebody still looks at the answer.
 */
#ifndef PUSHD_DESCRIPTORS_H
#define PUSHD_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>

#include <stonechat/settings.h>

/* How many descriptors one worker needs. */
size_t descriptors_needed(const struct sc_settings *settings);

/* Whether the system would let a process have them (a sc_settings_check). */
bool descriptors_suffice(const struct sc_settings *settings, char *fault_out, size_t fault_size);

/* Raises this process's limit, and that of those that it forks, to what they need. */
void descriptors_raise(const struct sc_settings *settings);

#endif
