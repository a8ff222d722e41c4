/*
 * text: what counts as text here.
 *
 * UTF-8 only (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF); lengths are in
 * characters (code points) and in bytes. Names have one normal form, NFKC with case folding, under
 * which they are compared, and look-alikes that mix scripts are refused (Unicode UTS #39, highly
 * restrictive, so that Chinese with Latin is fine).
 */
#ifndef STONECHAT_TEXT_H
#define STONECHAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */
#define SC_TEXT_FAULTS(X) \
    X(FINE,       "ok",         "is fine") \
    X(REQUIRED,   "required",   "is required") \
    X(TYPE,       "type",       "is of the wrong type") \
    X(UTF8,       "utf8",       "is not valid UTF-8") \
    X(SHORT,      "too_short",  "is too short") \
    X(LONG,       "too_long",   "is too long") \
    X(BLANK,      "blank",      "is blank") \
    X(CHARACTERS, "characters", "holds characters that are not allowed") \
    X(LOOK_ALIKE, "look_alike", "mixes scripts so that it could be mistaken for another name") \
    X(COMMON,     "common",     "is too easily guessed") \
    X(RANGE,      "range",      "is outside the range that is allowed") \
    X(CHOICE,     "choice",     "is none of the values that are allowed")
/* clang-format on */

enum sc_text_fault {
#define X(name, code, sentence) SC_TEXT_##name,
    SC_TEXT_FAULTS(X)
#undef X
        SC_TEXT_FAULT_COUNT
};

/* The field error's code word, and a sentence that goes on after the field's name. */
const char *sc_text_fault_code(enum sc_text_fault fault);
const char *sc_text_fault_sentence(enum sc_text_fault fault);

bool sc_utf8_valid(const char *text, size_t bytes);

/* Characters of valid UTF-8. */
size_t sc_utf8_length(const char *text, size_t bytes);

/* A validator that takes its text in pieces, as a WebSocket message arrives (RFC 6455 section 8.1).
 */
struct sc_utf8 {
    unsigned char more;        /* bytes that must follow */
    unsigned char least, most; /* the range the next one must be in */
};
void sc_utf8_init(struct sc_utf8 *utf8);
/* False as soon as what came can't be UTF-8 any more. */
bool sc_utf8_push(struct sc_utf8 *utf8, const char *piece, size_t bytes);
/* Whether the text may end here. */
bool sc_utf8_complete(const struct sc_utf8 *utf8);

enum sc_text_shape {
    SC_TEXT_LINE,  /* one line: no control characters at all, none that turn text; not blank */
    SC_TEXT_PROSE, /* several lines: tab, line feed and carriage return allowed, not blank */
    SC_TEXT_MAYBE, /* as LINE, but may be empty or blank */
    SC_TEXT_ASIDE, /* as PROSE, but may be empty or blank */
    SC_TEXT_SECRET /* a password: any characters; not trimmed, not cut */
};

/* Checks `text` against a shape and lengths in characters and bytes (most_bytes 0: 4 a character).
 * The first fault in this order: UTF8, SHORT, LONG, CHARACTERS, BLANK. */
enum sc_text_fault sc_text_check(enum sc_text_shape shape, const char *text, size_t bytes,
                                 size_t least_chars, size_t most_chars, size_t most_bytes);

/*
 * The normal form of a name, NUL-terminated into `out` (SC_NAME_MAX_BYTES + 1 bytes): NFKC, case
 * folded, default-ignorable characters refused. A name is made of letters, marks and digits of any
 * script, with single `_`, `-` and `.` between them. LOOK_ALIKE: scripts or systems of digits are
 * mixed, or a phonetic letter passes for one of ASCII; a name wholly of one script is not held
 * against names of another. Returns the fault, FINE when there is none (else `out` is left alone);
 * lengths are counted in characters of the name as given and as folded.
 */
enum sc_text_fault sc_name_fold(const char *name, size_t bytes, size_t least_chars,
                                size_t most_chars, char *out);

/*
 * Makes a name of any valid UTF-8, NUL-terminated into `out` (SC_NAME_MAX_BYTES + 1 bytes): what no
 * name may hold becomes a single `-` between letters, and it ends after `most_chars`. May come to
 * nothing, or to what sc_name_fold still refuses.
 */
void sc_name_fit(const char *text, size_t bytes, size_t most_chars, char *out);

/* Folds any valid UTF-8 for comparing and prefix search (NFKC, case folding), cut to fit `size`. */
void sc_text_fold(const char *text, size_t bytes, char *out, size_t size);

/* The composed form of any valid UTF-8 (NFC): the same to the eye, one spelling. Cut likewise. */
void sc_text_compose(const char *text, size_t bytes, char *out, size_t size);

#endif
