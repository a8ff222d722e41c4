/*
 * problem: turns an error into its answer; the only place that does.
 *
 * Called by route when a request or its handler failed. The words come from common's error table.
 */
#include "problem.h"

static const char PROBLEM_TYPE[] = "application/problem+json";

/* Whole seconds, at least one (RFC 9110 section 10.2.3). */
static void add_retry_after(struct exchange *x) {
    fprintf(x->reply.headers, "Retry-After: %lld\r\n",
            x->retry_ms > 1000 ? ((long long)x->retry_ms + 999) / 1000 : 1LL);
}

void problem_reply(struct exchange *x, enum sc_error error) {
    const struct sc_error_row *row = sc_error_row(error);
    json_t *problem = json_pack("{s:s,s:s,s:i,s:s,s:s}", "type", "about:blank", "title",
                                sc_http_reason(row->http_status), "status", row->http_status,
                                "detail", row->sentence, "code", row->code);
    json_t *faults = error == SC_INVALID ? form_faults(&x->form) : NULL;
    if (faults) {
        json_object_set_new(problem, "errors", faults);
    }
    if (row->http_status == 429 || row->http_status == 503) {
        add_retry_after(x);
    }
    if (row->http_status == 401) {
        reply_header(&x->reply, "WWW-Authenticate", "Bearer realm=\"stonechat\"");
    }
    reply_json(&x->reply, row->http_status, problem);
    x->reply.content_type = PROBLEM_TYPE;
    x->error = error;
}
