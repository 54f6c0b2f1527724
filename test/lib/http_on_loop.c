#include "test/lib/http_on_loop.h"

#include "test/lib/cmocka_all.h"
#include "test/lib/http_client.h"

#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 120000

struct call {
    uv_work_t work;
    const char *socket_path;
    struct http_request request;
    struct http_answer answer;
    enum http_outcome outcome;
    bool done;
};

static void send_request(uv_work_t *work)
{
    struct call *call = work->data;

    call->outcome = http_send(call->socket_path, &call->request, TIMEOUT_MS, &call->answer);
}

static void on_answer(uv_work_t *work, int status)
{
    struct call *call = work->data;

    assert_int_equal(status, 0);
    call->done = true;
}

void http_on_loop(struct store_fixture *f, const char *socket_path, const char *method,
                  const char *path, const char *body, const char *const *headers,
                  struct loop_answer *ret_answer)
{
    struct call call = {
        .socket_path = socket_path,
        .request = {.method = method,
                    .path = path,
                    .headers = headers,
                    .body = body,
                    .body_size = body == NULL ? 0 : strlen(body)},
    };

    call.work.data = &call;
    assert_int_equal(uv_queue_work(&f->loop, &call.work, send_request, on_answer), 0);
    store_fixture_run_until(f, &call.done);
    assert_int_equal(call.outcome, HTTP_ANSWERED);
    ret_answer->status = call.answer.status;
    ret_answer->etag = http_answer_header(&call.answer, "Etag");
    ret_answer->body = call.answer.body;
    call.answer.body = NULL;
    http_answer_close(&call.answer);
}

void loop_answer_close(struct loop_answer *answer)
{
    free(answer->etag);
    free(answer->body);
}
