/*
 * password: what a new password must be: long enough, and not among the first that are guessed.
 *
 * No rules of composition (ASVS 6.2): length and the list of the commonest do more.
 */
#ifndef FCGI_PASSWORD_H
#define FCGI_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include <stonechat/settings.h>
#include <stonechat/text.h>

/* The fault of a new password: SHORT, LONG or COMMON (compared without regard to case). */
enum sc_text_fault password_check(const struct sc_settings *settings, const char *password,
                                  size_t bytes);

/* Whether it is the user's own name (in its normal form), alone or with digits, dots and the like
 * before or behind. */
bool password_is_name(const char *folded_name, const char *password, size_t bytes);

#endif
