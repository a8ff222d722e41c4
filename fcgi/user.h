/*
 * user: an account as it is read from Redis.
 */
#ifndef FCGI_USER_H
#define FCGI_USER_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <stonechat/event.h>
#include <stonechat/limits.h>

struct answer;

struct user {
    char id[SC_ID_MAX + 1]; /* "": none */
    char *name;
    char *display;
    char *role;
    uint64_t created_at;
    char *about;
    char *status;
    bool disabled; /* where the account itself was read */
};

/* Copies {name, display, role, created_at, about, status}, which begin at row `first`. */
void user_init(struct user *user, const char *id, const struct answer *answer, size_t first);
void user_copy(struct user *user, const struct user *from);
void user_deinit(struct user *user);

/* One who came in under a nickname, for a while. */
bool user_is_guest(const struct user *user);
bool user_is_admin(const struct user *user);

/* As events show one. Lent by the user. */
struct sc_person user_person(const struct user *user);
/* Who has closed their account, as everybody is shown them from then on: without a name of theirs.
 */
struct sc_person user_nobody(const char *id);
/* As REST shows one: the contract's `user`. A new reference. */
json_t *user_json(const struct user *user);
/* Just {id,name,display}. A new reference. */
json_t *user_person_json(const struct user *user);

#endif
