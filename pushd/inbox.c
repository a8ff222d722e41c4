/*
 * inbox: from bytes to messages (see inbox.h).
 */
#include "inbox.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/limits.h>
#include <stonechat/memory.h>

#include "deflate.h"

enum { NO_CODE = 1005 };

void inbox_init(struct inbox *inbox) {
    *inbox = (struct inbox){0};
}

void inbox_deinit(struct inbox *inbox) {
    free(inbox->kept);
    free(inbox->message);
    inbox_init(inbox);
}

size_t inbox_unkeep(struct inbox *inbox, unsigned char *out) {
    size_t count = inbox->kept_bytes;
    if (count > 0) {
        memcpy(out, inbox->kept, count);
        free(inbox->kept);
        inbox->kept = NULL;
        inbox->kept_bytes = 0;
    }
    return count;
}

void inbox_keep(struct inbox *inbox, const unsigned char *bytes, size_t count) {
    if (count > 0) {
        inbox->kept = sc_xmalloc(count);
        memcpy(inbox->kept, bytes, count);
        inbox->kept_bytes = (uint16_t)count;
    }
}

static struct inbox_item fault(enum sc_error error) {
    return (struct inbox_item){.kind = INBOX_FAULT, .error = error};
}

static struct inbox_item close_item(const unsigned char *payload, size_t count) {
    struct inbox_item item = {.kind = INBOX_CLOSE, .close_code = NO_CODE};
    if (count == 0) {
        return item;
    }
    item.close_code = count < 2 ? 0 : (unsigned)payload[0] << 8 | payload[1];
    if (!ws_close_code_is_legal(item.close_code)) {
        return fault(SC_PROTOCOL_ERROR);
    }
    if (!sc_utf8_valid((const char *)payload + 2, count - 2)) {
        return fault(SC_BAD_UTF8);
    }
    return item;
}

static struct inbox_item control_item(enum ws_opcode opcode, const unsigned char *payload,
                                      size_t count) {
    if (opcode == WS_CLOSE) {
        return close_item(payload, count);
    }
    return (struct inbox_item){
        .kind = opcode == WS_PING ? INBOX_PING : INBOX_PONG, .bytes = payload, .count = count};
}

/* Text is checked as it comes; what is deflated can't be. */
static bool text_goes_on(struct inbox *inbox, bool fin, const unsigned char *payload,
                         size_t count) {
    return inbox->deflated || (sc_utf8_push(&inbox->utf8, (const char *)payload, count) &&
                               (!fin || sc_utf8_complete(&inbox->utf8)));
}

static struct inbox_item whole_message(const struct inbox *inbox, const unsigned char *bytes,
                                       size_t count) {
    struct inbox_item item = {.kind = INBOX_TEXT, .bytes = bytes, .count = count};
    if (!inbox->deflated) {
        return item;
    }
    enum sc_error error = deflate_unpack(bytes, count, &item.bytes, &item.count);
    if (error == SC_OK && !sc_utf8_valid((const char *)item.bytes, item.count)) {
        error = SC_BAD_UTF8;
    }
    return error == SC_OK ? item : fault(error);
}

static void gather(struct inbox *inbox, const unsigned char *payload, size_t count) {
    if (inbox->message == NULL) {
        inbox->message = sc_xmalloc(SC_CLIENT_FRAME_MAX);
    }
    memcpy(inbox->message + inbox->message_bytes, payload, count);
    inbox->message_bytes = (uint16_t)(inbox->message_bytes + count);
}

/* A piece of a text message: the whole of it, or one of several. */
static struct inbox_item text_item(struct inbox *inbox, const struct ws_head *head,
                                   const unsigned char *payload, size_t count) {
    if (!inbox->fragmented) {
        inbox->deflated = head->deflated;
        sc_utf8_init(&inbox->utf8);
    }
    if (!text_goes_on(inbox, head->fin, payload, count)) {
        return fault(SC_BAD_UTF8);
    }
    inbox->fragmented = !head->fin;
    if (head->fin && inbox->message_bytes == 0) {
        return whole_message(inbox, payload, count);
    }
    gather(inbox, payload, count);
    if (!head->fin) {
        return (struct inbox_item){.kind = INBOX_FRAGMENT};
    }
    size_t bytes = inbox->message_bytes;
    inbox->message_bytes = 0;
    return whole_message(inbox, inbox->message, bytes);
}

/* What a head already forbids, before its payload has come. */
static enum sc_error head_fault(const struct inbox *inbox, const struct ws_head *head) {
    if (ws_is_control(head->opcode)) {
        return SC_OK;
    }
    if ((head->opcode == WS_CONTINUATION) != inbox->fragmented) {
        return SC_PROTOCOL_ERROR;
    }
    if (head->opcode == WS_BINARY) {
        return SC_UNSUPPORTED_DATA;
    }
    return head->payload > (uint64_t)(SC_CLIENT_FRAME_MAX - inbox->message_bytes) ? SC_TOO_LARGE
                                                                                  : SC_OK;
}

/* The message that the last item lent may go now. */
static void forget_message(struct inbox *inbox) {
    if (inbox->message != NULL && !inbox->fragmented) {
        free(inbox->message);
        inbox->message = NULL;
    }
}

struct inbox_item inbox_take(struct inbox *inbox, unsigned char *bytes, size_t count) {
    struct ws_head head;
    forget_message(inbox);
    enum sc_error error = ws_head_read(bytes, count, inbox->may_deflate, &head);
    if (error == SC_OK && head.bytes > 0) {
        error = head_fault(inbox, &head);
    }
    if (error != SC_OK) {
        return fault(error);
    }
    if (head.bytes == 0 || count - head.bytes < head.payload) {
        return (struct inbox_item){.kind = INBOX_NOTHING};
    }
    unsigned char *payload = bytes + head.bytes;
    size_t payload_bytes = (size_t)head.payload;
    ws_unmask(payload, payload_bytes, head.mask);
    struct inbox_item item = ws_is_control(head.opcode)
                                 ? control_item(head.opcode, payload, payload_bytes)
                                 : text_item(inbox, &head, payload, payload_bytes);
    item.taken = head.bytes + payload_bytes;
    return item;
}
