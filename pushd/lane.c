/*
 * lane: an array that grows, and a list of the free ones in it (see lane.h).
 */
#include "lane.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <stonechat/memory.h>

enum { COUNT_FIRST = 64 };

static struct lane nobody[1] = {{.fd = -1}};
static uint32_t count = 1;
static uint32_t free_first; /* 0: none; the next one stands in its `fd` */

struct lane *lanes = nobody;

static void grow(void) {
    uint32_t more = count == 1 ? COUNT_FIRST : count * 2;
    struct lane *all = sc_xcalloc(more, sizeof *all);
    memcpy(all, lanes, count * sizeof *all);
    if (lanes != nobody) {
        free(lanes);
    }
    lanes = all;
    for (uint32_t lane = more; lane-- > count;) {
        lanes[lane].fd = (int)free_first;
        free_first = lane;
    }
    count = more;
}

uint32_t lane_open(int fd) {
    if (free_first == 0) {
        grow();
    }
    uint32_t lane = free_first;
    free_first = (uint32_t)lanes[lane].fd;
    lanes[lane] = (struct lane){.fd = fd};
    return lane;
}

void lane_close(uint32_t lane) {
    lanes[lane] = (struct lane){.fd = (int)free_first};
    free_first = lane;
}

ssize_t lane_send(const struct lane *lane, const struct frame *frame) {
    return send(lane->fd, frame->wire, frame->bytes, MSG_NOSIGNAL);
}
