/*
 * lane: what a delivery has to know of a connection, side by side with those of all others.
 *
 * A message to a thousand readers would drive a thousand connections through the processor's cache,
 * a line or more each, to find that all of them are as usual: open, with nothing under way. Here
 * that is eight bytes in one piece of memory. A connection keeps its lane true (conn_state.c); who
 * delivers takes the lane where it is straight, and asks the connection where it isn't.
 */
#ifndef PUSHD_LANE_H
#define PUSHD_LANE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "frame.h"

struct lane {
    int fd;
    bool straight; /* what is sent now may go to the socket at once */
    uint8_t form;  /* enum frame_form: what it takes */
};

/* All of this process's, by number. The first is nobody's and never straight. */
extern struct lane *lanes;

uint32_t lane_open(int fd);
void lane_close(uint32_t lane);

/* Gives the socket a frame in its form; as send(2). */
ssize_t lane_send(const struct lane *lane, const struct frame *frame);

#endif
