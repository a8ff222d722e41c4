/*
 * handle_messages: sending, reading back, and how far one has read.
 *
 * One message is one script call; its entry is encoded once, here, and is the same bytes in the
 * log, in this answer and in every reader's frame.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/writer.h>

#include "indexer.h"
#include "mentions.h"
#include "message_view.h"
#include "rate.h"
#include "store_messages.h"

enum { TEXT, KEY, REPLY_TO, FILES };

const struct form_field messages_send_fields[] = {
    [TEXT] = {"text", FORM_TEXT, .required = true, .shape = SC_TEXT_ASIDE,
              .most_setting = LIMIT(text_chars), .bytes_setting = LIMIT(text_bytes)},
    [KEY] = {"key", FORM_KEY, .required = true},
    [REPLY_TO] = {"reply_to", FORM_NUMBER, .least = 1, .most = INT64_C(1) << 53},
    [FILES] = {"files", FORM_IDS, .most_setting = LIMIT(files_per_message)},
    {.name = NULL},
};

enum { BEFORE, AFTER, AROUND, LIMIT_OF_PAGE };

const struct form_field messages_list_fields[] = {
    [BEFORE] = {"before", FORM_NUMBER, .least = 1, .most = INT64_C(1) << 53},
    [AFTER] = {"after", FORM_NUMBER, .least = 0, .most = INT64_C(1) << 53},
    [AROUND] = {"around", FORM_NUMBER, .least = 1, .most = INT64_C(1) << 53},
    [LIMIT_OF_PAGE] = {"limit", FORM_NUMBER, .least = 1, .most_setting = LIMIT(page)},
    {.name = NULL},
};

enum { SEQ };

const struct form_field read_mark_fields[] = {
    [SEQ] = {"seq", FORM_NUMBER, .required = true, .least = 0, .most = INT64_C(1) << 53},
    {.name = NULL},
};

/* With files a message needs no words. */
static enum sc_error check_text(struct exchange *x) {
    const struct form_value *text = &x->form.values[TEXT];
    bool has_files = json_array_size(x->form.values[FILES].object) > 0;
    enum sc_text_fault fault =
        has_files ? SC_TEXT_FINE
                  : sc_text_check(SC_TEXT_PROSE, text->text, text->bytes, 1, SIZE_MAX, 0);
    return fault == SC_TEXT_FINE ? SC_OK : form_refuse(&x->form, TEXT, fault);
}

/* The ids of the files as the store takes them, freed by the caller. */
static char *file_ids(const struct form_value *files) {
    struct sc_writer ids = {0};
    for (size_t i = 0; i < json_array_size(files->object); i++) {
        sc_writer_raw(&ids, i > 0 ? " " : "");
        sc_writer_raw(&ids, json_string_value(json_array_get(files->object, i)));
    }
    return sc_writer_take(&ids);
}

static void reply_message(struct exchange *x, int status, const struct answer *sent) {
    FILE *body = reply_begin(&x->reply, status);
    fputs("{\"message\":", body);
    message_view_write(body, sent, MESSAGE_ENTRY, x->session.user.id);
    fputc('}', body);
}

/* Whoever fills a batch of the log sees to it that it is indexed. */
static void note_batch(struct exchange *x, const char *room, const struct answer *sent) {
    struct sc_event_head head;
    size_t bytes;
    const char *entry = answer_text(sent, MESSAGE_ENTRY, &bytes);
    if (sc_event_peek(entry, bytes, &head) && indexer_fills_batch(head.seq)) {
        memcpy(x->behind, room, strlen(room) + 1);
    }
}

/* Somebody in the room may have to be woken for it. */
static void note_push(struct exchange *x, const char *room, const struct answer *sent) {
    if (answer_number(sent, MESSAGE_PUSH) == 1) {
        memcpy(x->woken, room, strlen(room) + 1);
    }
}

bool handle_reply_sent(struct exchange *x, const char *room, const struct answer *sent) {
    bool is_new = answer_number(sent, MESSAGE_IS_NEW) == 1;
    reply_message(x, is_new ? 201 : 200, sent);
    if (is_new) {
        note_batch(x, room, sent);
        note_push(x, room, sent);
    }
    return is_new;
}

/* What the script has found wrong, by its name. */
static enum sc_error refuse_field(struct exchange *x, const struct answer *refused) {
    bool is_reply = strcmp(answer_text(refused, 1, NULL), "reply_to") == 0;
    return form_refuse(&x->form, is_reply ? REPLY_TO : FILES, SC_TEXT_CHOICE);
}

static enum sc_error send_message(struct exchange *x, const char *room, const char *mentions,
                                  struct answer *sent) {
    const struct form_value *text = &x->form.values[TEXT];
    const char *key = x->form.values[KEY].text;
    int64_t reply_to = x->form.values[REPLY_TO].number;
    const struct sc_message message = {.room = room,
                                       .from = user_person(&x->session.user),
                                       .text = text->text,
                                       .text_bytes = text->bytes,
                                       .key = key,
                                       .reply_to = (uint64_t)reply_to};
    char *tail = sc_message_tail(&message);
    char *files = file_ids(&x->form.values[FILES]);
    const struct store_message stored = {
        room,     message.from.id, key,   tail,
        reply_to, mentions,        files, rate_most(x, RATE_ROOM_MESSAGES),
    };
    enum sc_error error = store_message_send(x->link, &stored, sent);
    if (error == SC_RATE_LIMITED) {
        x->retry_ms = answer_number(sent, 1);
    }
    free(files);
    free(tail);
    return error == SC_INVALID ? refuse_field(x, sent) : error;
}

enum sc_error handle_messages_send(struct exchange *x) {
    const struct form_value *text = &x->form.values[TEXT];
    const char *room = handle_room_id(x);
    if (!room) {
        return SC_NOT_FOUND;
    }
    if (check_text(x) != SC_OK) {
        rate_undo(x, RATE_MESSAGES);
        return SC_INVALID;
    }
    char *mentions;
    struct answer sent = {NULL};
    enum sc_error error = mentions_find(x, text->text, text->bytes, &mentions);
    if (error == SC_OK) {
        error = send_message(x, room, mentions, &sent);
    }
    if (error != SC_OK || !handle_reply_sent(x, room, &sent)) {
        rate_undo(x, RATE_MESSAGES); /* only what was sent counts, not trying again */
    }
    answer_deinit(&sent);
    free(mentions);
    return error;
}

static void reply_page(struct exchange *x, const struct answer *page) {
    FILE *body = reply_begin(&x->reply, 200);
    fputs("{\"messages\":[", body);
    for (size_t i = PAGE_MESSAGES; i < answer_count(page); i += 2) {
        fputs(i > PAGE_MESSAGES ? "," : "", body);
        message_view_write(body, page, i, x->session.user.id);
    }
    fprintf(body, "],\"first\":%lld,\"last\":%lld,\"more\":%s",
            (long long)answer_number(page, PAGE_FIRST), (long long)answer_number(page, PAGE_LAST),
            answer_number(page, PAGE_MORE) == 1 ? "true" : "false");
    if (x->form.values[AROUND].given) {
        fprintf(body, ",\"more_after\":%s",
                answer_number(page, PAGE_MORE_AFTER) == 1 ? "true" : "false");
    }
    fprintf(body, ",\"seq\":%lld}", (long long)answer_number(page, PAGE_HEAD));
}

/* From where on: of the three places at most one is given. False when it is more. */
static bool find_place(struct exchange *x, struct store_page *wanted_out) {
    static const char *const words[] = {
        [BEFORE] = "before", [AFTER] = "after", [AROUND] = "around"};
    int given = 0;
    wanted_out->direction = words[BEFORE];
    for (size_t i = BEFORE; i <= AROUND; i++) {
        const struct form_value *value = &x->form.values[i];
        if (value->given && given++ > 0) {
            form_refuse(&x->form, i, SC_TEXT_CHOICE);
            return false;
        }
        if (value->given) {
            wanted_out->direction = words[i];
            wanted_out->seq = value->number;
        }
    }
    return true;
}

enum sc_error handle_messages_list(struct exchange *x) {
    const char *room = handle_room_id(x);
    if (!room) {
        return SC_NOT_FOUND;
    }
    struct store_page wanted = {
        .room = room,
        .user = x->session.user.id,
        .limit = handle_page_size(x, &x->form.values[LIMIT_OF_PAGE]),
    };
    if (!find_place(x, &wanted)) {
        return SC_INVALID;
    }
    struct answer page;
    enum sc_error error = store_message_page(x->link, &wanted, &page);
    if (error == SC_OK) {
        reply_page(x, &page);
    }
    answer_deinit(&page);
    return error;
}

enum sc_error handle_read_mark(struct exchange *x) {
    int64_t seq = x->form.values[SEQ].number;
    const char *user = x->session.user.id;
    const char *room = handle_room_id(x);
    if (!room) {
        return SC_NOT_FOUND;
    }
    const struct sc_person reader = user_person(&x->session.user);
    char *event = sc_read_encode(room, &reader, (uint64_t)seq);
    enum sc_error error = store_room_read(x->link, room, user, seq, event);
    free(event);
    if (error == SC_INVALID) {
        return form_refuse(&x->form, SEQ, SC_TEXT_RANGE);
    }
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    return error;
}
