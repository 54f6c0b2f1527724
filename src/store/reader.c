/* The read thread: one read transaction, and so one snapshot, a request. */
#include "store/internal.h"
#include "store/journal.h"

/* ERROR_NONE: the request is answered. Else it waits again. */
static int run_read(struct worker *worker, struct store_request *request, struct error *error)
{
    struct db_tx db;
    struct store_tx tx = {.db = &db, .arena = &request->arena, .request = request};
    bool broken;
    int code = db_tx_begin(&db, worker->conn, DB_READ, &request->context, &request->error);

    if (code == ERROR_NONE) {
        code = journal_get_revision(&db, &request->revision, &request->error);
        if (code == ERROR_NONE) {
            code = worker_run(request, &tx);
        }
        worker_renew(worker);
        db_tx_set_context(&db, &worker->context);
        db_tx_rollback(&db);
    }
    broken = code != ERROR_NONE && code != ERROR_TIMEOUT && code != ERROR_CANCELED &&
             db_conn_broken(worker->conn);
    if (store_is_passing(code) || (broken && ++request->breaks < STORE_BREAKS_MAX)) {
        *error = request->error;
        worker_requeue(worker, request);
        return code;
    }
    worker_finish(worker, request);
    return ERROR_NONE;
}

void *reader_main(void *arg)
{
    struct worker *worker = arg;
    struct store_request *request;
    struct error error = ERROR_INIT;
    int code;

    while (worker_await_work(worker)) {
        code = worker_connect(worker, &error);
        if (code == ERROR_NONE && (request = worker_take(worker)) != NULL) {
            code = run_read(worker, request, &error);
        }
        if (code == ERROR_NONE) {
            worker_recovered(worker);
        } else {
            worker_pause(worker, &error);
        }
    }
    worker_end(worker);
    return NULL;
}
