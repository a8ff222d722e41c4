/*
 * hook_text: one text out of what a webhook was given, in the form that Slack has for it.
 *
 * `text` comes first, then of each of `attachments` its pretext, title and text, or its fallback
 * where it has none of these; a line each. Links `<URL|label>` become `label (URL)`, `<URL>` the
 * URL, and `&amp;`, `&lt;`, `&gt;` what they stand for; all else is as it came.
 */
#ifndef FCGI_HOOK_TEXT_H
#define FCGI_HOOK_TEXT_H

#include <jansson.h>

/* `text` and `attachments` may be NULL, and members of the latter of any type: what is no text is
 * passed over. "" when nothing is left. Freed by the caller. */
char *hook_text(const char *text, const json_t *attachments);

#endif
