/*
 * emoji: what can be a reaction: one of the sequences that Unicode recommends (UTS #51, RGI).
 *
 * Which ones those are is asked of ICU, so that its next version brings the next emoji. The
 * selector U+FE0F, which many programs leave out, makes no difference: there is one form of each.
 */
#ifndef STONECHAT_EMOJI_H
#define STONECHAT_EMOJI_H

#include <stdbool.h>
#include <stddef.h>

enum { SC_EMOJI_MAX = 64 }; /* bytes; the longest that there are take half of that */

/* The full form of `text`, NUL-terminated, into `out`; false when it is no emoji, or several. */
bool sc_emoji_normalize(const char *text, size_t bytes, char out[SC_EMOJI_MAX + 1]);

#endif
