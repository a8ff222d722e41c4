/*
 * writer: JSON text of a form that is known beforehand, piece by piece.
 *
 * For what is written once a connection and can't be shared. What is of any form goes through
 * jansson; the bytes are the same as jansson's compact ones.
 */
#ifndef STONECHAT_WRITER_H
#define STONECHAT_WRITER_H

#include <stddef.h>
#include <stdint.h>

struct sc_writer {
    char *text;
    size_t bytes, room;
};

/* As it is: punctuation, names of members, JSON that was encoded before. */
void sc_writer_raw(struct sc_writer *writer, const char *json);
/* A string, quoted and escaped (RFC 8259 section 7); `text` is valid UTF-8. */
void sc_writer_string(struct sc_writer *writer, const char *text);
void sc_writer_number(struct sc_writer *writer, uint64_t number);

/* The text, NUL-terminated, freed by the caller; the writer is empty then. */
char *sc_writer_take(struct sc_writer *writer);

#endif
