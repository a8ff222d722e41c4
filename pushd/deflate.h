/*
 * deflate: the payload of permessage-deflate (RFC 7692 section 7.2), and nothing else of it.
 *
 * Pure: bytes in, bytes out. Both directions forget everything between messages
 * ("no_context_takeover"), so that one stream each way serves all connections of a process, a
 * message packed once is good for all who read it, and a connection holds no memory for it.
 */
#ifndef PUSHD_DEFLATE_H
#define PUSHD_DEFLATE_H

#include <stddef.h>

#include <stonechat/error.h>

/* What is packed refers back no further than 2 to the power of this. */
enum { DEFLATE_WINDOW = 12 };

/* Packs a message into `room` bytes at `out`, of which four must be left over; returns how many it
 * took, or 0 when they don't suffice. */
size_t deflate_pack(const void *message, size_t bytes, unsigned char *out, size_t room);

/* Unpacks a message, which is lent until the next call. TOO_LARGE when it is of more than
 * SC_CLIENT_FRAME_MAX bytes, found out before more than that has been written; BAD_DEFLATE when it
 * is broken or cut short. */
enum sc_error deflate_unpack(const void *packed, size_t bytes, const unsigned char **message_out,
                             size_t *bytes_out);

#endif
