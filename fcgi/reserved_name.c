/*
 * reserved_name: the table, and looking into it.
 */
#include "reserved_name.h"

#include <stdlib.h>
#include <string.h>

/* Sorted. Names that speak for the site, or to everybody in it. */
static const char *const reserved[] = {
    "admin",   "administrator", "all",        "anonymous", "api",       "bot",      "channel",
    "deleted", "everybody",     "everyone",   "guest",     "help",      "here",     "me",
    "mod",     "moderator",     "moderators", "nobody",    "null",      "official", "operator",
    "owner",   "room",          "root",       "security",  "server",    "staff",    "stonechat",
    "support", "sysadmin",      "sysop",      "system",    "undefined", "user",     "webmaster",
};

static int compare(const void *wanted, const void *row) {
    return strcmp(wanted, *(const char *const *)row);
}

bool name_is_reserved(const char *folded) {
    return bsearch(folded, reserved, sizeof reserved / sizeof *reserved, sizeof *reserved,
                   compare) != NULL;
}
