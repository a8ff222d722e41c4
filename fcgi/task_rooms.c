/*
 * task_rooms: `room ...`: all rooms, one more closely, and the end of one; private ones as well.
 */
#include "task.h"

#include <stdio.h>
#include <string.h>

#include <stonechat/text.h>
#include <stonechat/token.h>

#include "room_end.h"
#include "store_names.h"
#include "store_rooms.h"

static void print_room(const char *id, const struct answer *facts) {
    char created[TASK_TIME_CHARS];
    printf("%-16s  %-7s  %7lld  %9lld  %s  %s\n", id, answer_text(facts, FACT_KIND, NULL),
           (long long)answer_number(facts, FACT_MEMBERS), (long long)answer_number(facts, FACT_N),
           task_time(answer_number(facts, FACT_CREATED_AT), created),
           answer_text(facts, FACT_NAME, NULL));
}

/* A room may go while it is listed. */
static enum sc_error list_one(struct task *task, const char *id) {
    struct answer facts;
    link_extend(&task->link);
    enum sc_error error = store_room_facts(&task->link, id, &facts);
    if (error == SC_OK) {
        print_room(id, &facts);
    }
    answer_deinit(&facts);
    return error == SC_NOT_FOUND ? SC_OK : error;
}

int room_list(struct task *task) {
    struct store_room_walk walk = {.cursor = "0"};
    enum sc_error error = SC_OK;
    do {
        char id[SC_ID_MAX + 1];
        link_extend(&task->link);
        error = store_room_walk_on(&task->link, &walk);
        for (size_t i = 0; error == SC_OK && store_room_walk_id(&walk, i, id); i++) {
            error = id[0] ? list_one(task, id) : SC_OK;
        }
        answer_deinit(&walk.rows);
    } while (error == SC_OK && strcmp(walk.cursor, "0") != 0);
    return task_outcome("list", error);
}

/* By its id, or else by the name that it owns. */
static enum sc_error find(struct task *task, const char *word, char id_out[SC_ID_MAX + 1],
                          struct answer *facts_out) {
    char folded[SC_NAME_MAX_BYTES + 1];
    enum sc_error error = SC_NOT_FOUND;
    *facts_out = (struct answer){NULL};
    if (sc_id_valid(word, strlen(word))) {
        snprintf(id_out, SC_ID_MAX + 1, "%s", word);
        error = store_room_facts(&task->link, id_out, facts_out);
    }
    if (error != SC_NOT_FOUND) {
        return error;
    }
    answer_deinit(facts_out);
    sc_text_fold(word, strlen(word), folded, sizeof folded);
    error = store_name_find(&task->link, STORE_ROOM_NAME, folded, id_out);
    if (error == SC_OK && id_out[0] == '\0') {
        error = SC_NOT_FOUND;
    }
    return error == SC_OK ? store_room_facts(&task->link, id_out, facts_out) : error;
}

static void show(const char *id, const struct answer *facts) {
    static const struct {
        const char *label;
        enum store_fact fact;
    } rows[] = {
        {"name", FACT_NAME},   {"title", FACT_TITLE}, {"topic", FACT_TOPIC},
        {"kind", FACT_KIND},   {"by", FACT_BY},       {"members", FACT_MEMBERS},
        {"messages", FACT_N},  {"seq", FACT_SEQ},     {"entries", FACT_ENTRIES},
        {"hooks", FACT_HOOKS},
    };
    char created[TASK_TIME_CHARS];
    printf("%-8s  %s\n", "id", id);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = answer_text(facts, rows[i].fact, NULL);
        if (rows[i].fact < FACT_FIRST_NUMBER) {
            printf("%-8s  %s\n", rows[i].label, text);
        } else {
            printf("%-8s  %lld\n", rows[i].label, (long long)answer_number(facts, rows[i].fact));
        }
    }
    printf("%-8s  %s\n", "created", task_time(answer_number(facts, FACT_CREATED_AT), created));
}

int room_show(struct task *task) {
    char id[SC_ID_MAX + 1];
    struct answer facts;
    enum sc_error error = find(task, task->argv[0], id, &facts);
    if (error == SC_OK) {
        show(id, &facts);
    }
    answer_deinit(&facts);
    return task_outcome(task->argv[0], error);
}

static enum sc_error end(struct task *task, const char *id) {
    static const struct store_caller nobody = {.id = "", .admin = true};
    if (strcmp(id, task->site->settings->rooms_default) == 0) {
        return SC_FORBIDDEN; /* every account is in it */
    }
    link_extend(&task->link);
    return room_end(&task->link, id, &nobody);
}

int room_delete(struct task *task) {
    char id[SC_ID_MAX + 1];
    struct answer facts;
    enum sc_error error = find(task, task->argv[0], id, &facts);
    answer_deinit(&facts);
    if (error == SC_OK) {
        error = end(task, id);
    }
    if (error == SC_OK) {
        task_note("room_deleted", "room", id);
    }
    return task_outcome(task->argv[0], error);
}
