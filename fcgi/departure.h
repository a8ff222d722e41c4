/*
 * departure: the ways out of a room: leaving, being put out, being banned.
 */
#ifndef FCGI_DEPARTURE_H
#define FCGI_DEPARTURE_H

#include <stdbool.h>

#include <stonechat/error.h>
#include <stonechat/event.h>

#include "link.h"

struct departure {
    const char *room;
    struct sc_person by; /* who asks; of who leaves, himself */
    bool admin;          /* he asks as one of the site */
    struct sc_person user;
    const char *op; /* left, kicked, banned */
    bool forced;    /* the account is being closed: a room of nobody else's finds another owner */
};

/*
 * See room_leave.lua for who may. Whoever leaves a room as the last one in it takes it with him: it
 * is deleted. LAST_OWNER when others are in and nobody of them would own it.
 */
enum sc_error departure_make(struct link *link, const struct departure *departure);

#endif
