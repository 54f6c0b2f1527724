/* Takes the input as a database and its log, as an engine would dump them: 4 bytes say how long
 * the database is; the log follows it. Damage is refused or met by a query, and no more. With the
 * highest bit of the length the log's checksums are put right first, so that what they cover is
 * tried as well. */
#include "db/copy.h"
#include "db/tx.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMAGE_SIZE_MAX  (1024 * 1024)
#define LOG_HEADER_SIZE 32
#define FRAME_HEADER    24
#define REPAIR          UINT32_C(0x80000000)
#define QUERY_US        (200 * 1000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(uint32_t sums[2], const uint8_t *data, size_t size, bool big_endian)
{
    uint32_t words[2];

    for (size_t i = 0; i + sizeof words <= size; i += sizeof words) {
        memcpy(words, data + i, sizeof words);
        sums[0] += (big_endian ? be32toh(words[0]) : le32toh(words[0])) + sums[1];
        sums[1] += (big_endian ? be32toh(words[1]) : le32toh(words[1])) + sums[0];
    }
}

static void put(uint8_t *place, const uint32_t sums[2])
{
    const uint32_t words[2] = {htobe32(sums[0]), htobe32(sums[1])};

    memcpy(place, words, sizeof words);
}

static void repair(uint8_t *log, size_t size)
{
    uint32_t sums[2] = {0, 0};
    uint32_t page_size;
    bool big_endian;

    if (size < LOG_HEADER_SIZE) {
        return;
    }
    big_endian = (log[3] & 1) != 0;
    memcpy(&page_size, log + 8, sizeof page_size);
    page_size = be32toh(page_size);
    add(sums, log, 24, big_endian);
    put(log + 24, sums);
    for (size_t at = LOG_HEADER_SIZE; page_size <= size && at + FRAME_HEADER + page_size <= size;
         at += FRAME_HEADER + page_size) {
        add(sums, log + at, 8, big_endian);
        add(sums, log + at + FRAME_HEADER, page_size, big_endian);
        memcpy(log + at + 8, log + 16, 8);
        put(log + at + 16, sums);
    }
}

static char *copy_of(const uint8_t *data, size_t size)
{
    char *copy = malloc(size == 0 ? 1 : size);

    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, size);
    return copy;
}

static void read_all(struct db_dump *dump)
{
    const struct db_context context = {.deadline_us = clock_monotonic_us() + QUERY_US};
    struct error error = ERROR_INIT;
    struct arena arena = {0};
    struct db_conn *conn;
    struct db_rows rows;

    if (db_copy_open(dump, NULL, &conn, &error) != ERROR_NONE) {
        return;
    }
    (void)db_conn_query_sql(conn, &context, "SELECT * FROM sqlite_schema", 100, &arena, &rows,
                            &error);
    (void)db_conn_query_sql(conn, &context, "SELECT * FROM item ORDER BY name", 100, &arena, &rows,
                            &error);
    db_conn_close(conn);
    arena_close(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = ERROR_INIT;
    struct db_dump dump = {.log = NULL};
    struct db_image image;
    uint32_t word;
    size_t image_size;

    if (size < sizeof word) {
        return 0;
    }
    memcpy(&word, data, sizeof word);
    word = le32toh(word);
    data += sizeof word;
    size -= sizeof word;
    image_size = word & ~REPAIR;
    image_size = image_size < size ? image_size : size;
    dump.image = (struct db_image){copy_of(data, image_size), image_size};
    dump.log_size = size - image_size;
    dump.log = copy_of(data + image_size, dump.log_size);
    if ((word & REPAIR) != 0) {
        repair((uint8_t *)dump.log, dump.log_size);
    }
    image = (struct db_image){copy_of(data, image_size), image_size};
    if (wal_apply(&image, dump.log, dump.log_size, IMAGE_SIZE_MAX, &error) == ERROR_NONE) {
        if (image.size > IMAGE_SIZE_MAX && image.size > image_size) {
            fprintf(stderr, "the image grew to %zu bytes\n", image.size);
            abort();
        }
        read_all(&dump);
    } else {
        db_dump_close(&dump);
    }
    free(image.data);
    return 0;
}
