/*
 * user: an account in memory, and its two forms in JSON.
 */
#include "user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "answer.h"

void user_init(struct user *user, const char *id, const struct answer *answer, size_t first) {
    *user = (struct user){
        .name = sc_xstrdup(answer_text(answer, first, NULL)),
        .display = sc_xstrdup(answer_text(answer, first + 1, NULL)),
        .role = sc_xstrdup(answer_text(answer, first + 2, NULL)),
        .created_at = (uint64_t)answer_number(answer, first + 3),
        .about = sc_xstrdup(answer_text(answer, first + 4, NULL)),
        .status = sc_xstrdup(answer_text(answer, first + 5, NULL)),
    };
    snprintf(user->id, sizeof user->id, "%s", id);
}

void user_copy(struct user *user, const struct user *from) {
    *user = *from;
    user->name = sc_xstrdup(from->name);
    user->display = sc_xstrdup(from->display);
    user->role = sc_xstrdup(from->role);
    user->about = sc_xstrdup(from->about);
    user->status = sc_xstrdup(from->status);
}

void user_deinit(struct user *user) {
    free(user->status);
    free(user->about);
    free(user->role);
    free(user->display);
    free(user->name);
    *user = (struct user){.id = ""};
}

bool user_is_guest(const struct user *user) {
    return strcmp(user->role, "guest") == 0;
}

bool user_is_admin(const struct user *user) {
    return strcmp(user->role, "admin") == 0;
}

struct sc_person user_person(const struct user *user) {
    return (struct sc_person){user->id, user->name, user->display};
}

struct sc_person user_nobody(const char *id) {
    return (struct sc_person){id, "deleted", "Deleted account"};
}

json_t *user_json(const struct user *user) {
    struct sc_user all = {user_person(user), user->role, user->created_at, user->about,
                          user->status};
    char *text = sc_user_encode(&all);
    json_t *json = json_loads(text, 0, NULL);
    free(text);
    return json;
}

json_t *user_person_json(const struct user *user) {
    return json_pack("{s:s,s:s,s:s}", "id", user->id, "name", user->name, "display", user->display);
}
