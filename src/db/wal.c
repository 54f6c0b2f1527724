#include "db/wal.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The header of the log: 32-bit words, big-endian. */
enum { LOG_MAGIC, LOG_VERSION, LOG_PAGE_SIZE, LOG_SEQUENCE, LOG_SALT, LOG_CHECKSUM = 6 };
#define LOG_HEADER_SIZE 32

/* The header of a frame, which is followed by a page. */
enum { FRAME_PAGE, FRAME_COMMIT_SIZE, FRAME_SALT, FRAME_CHECKSUM = 4 };
#define FRAME_HEADER_SIZE 24

/* What the checksums cover; in the log's header, and in a frame's before its page. */
#define LOG_SUMMED_SIZE   24
#define FRAME_SUMMED_SIZE 8

/* The lowest bit says that checksums are of big-endian words. */
#define MAGIC             UINT32_C(0x377f0682)
#define LOG_VERSION_KNOWN UINT32_C(3007000)

/* The header of a database. */
#define IMAGE_MAGIC       "SQLite format 3"
#define IMAGE_PAGE_SIZE   16 /* Where it stands: 16 bits, big-endian; 1 for 65536. */
#define IMAGE_HEADER_SIZE 100

#define PAGE_SIZE_MIN 512
#define PAGE_SIZE_MAX 65536

struct log {
    const uint8_t *frames;
    size_t n_frames;
    size_t frame_size;
    uint32_t page_size;
    bool big_endian;
    const uint8_t *header;
    uint32_t sums[2]; /* So far. */
};

static int corrupt(struct error *error, const char *what)
{
    return error_set(error, ERROR_CORRUPT, "The copy of the database is damaged: %s", what);
}

static uint32_t word_at(const uint8_t *header, unsigned i)
{
    uint32_t word;

    memcpy(&word, header + i * sizeof word, sizeof word);
    return be32toh(word);
}

/* SIZE is a multiple of 8. The sums may overflow. */
static void add_to_sums(struct log *log, const uint8_t *data, size_t size)
{
    uint32_t words[2];

    for (size_t i = 0; i < size; i += sizeof words) {
        memcpy(words, data + i, sizeof words);
        log->sums[0] += (log->big_endian ? be32toh(words[0]) : le32toh(words[0])) + log->sums[1];
        log->sums[1] += (log->big_endian ? be32toh(words[1]) : le32toh(words[1])) + log->sums[0];
    }
}

static bool sums_are(const struct log *log, const uint8_t *header, unsigned first)
{
    return word_at(header, first) == log->sums[0] && word_at(header, first + 1) == log->sums[1];
}

static int check_image(const struct db_image *image, uint32_t *ret_page_size, struct error *error)
{
    uint32_t page_size;

    if (image->size < IMAGE_HEADER_SIZE ||
        memcmp(image->data, IMAGE_MAGIC, sizeof IMAGE_MAGIC) != 0) {
        return corrupt(error, "it isn't a database");
    }
    page_size = (uint32_t)(uint8_t)image->data[IMAGE_PAGE_SIZE] << 8 |
                (uint8_t)image->data[IMAGE_PAGE_SIZE + 1];
    if (page_size == 1) {
        page_size = PAGE_SIZE_MAX;
    }
    if (page_size < PAGE_SIZE_MIN || (page_size & (page_size - 1)) != 0 ||
        image->size % page_size != 0) {
        return corrupt(error, "its size isn't a number of pages");
    }
    *ret_page_size = page_size;
    return ERROR_NONE;
}

static int open_log(struct log *log, const uint8_t *data, size_t size, uint32_t page_size,
                    struct error *error)
{
    *log = (struct log){.header = data, .page_size = page_size};
    log->frame_size = FRAME_HEADER_SIZE + page_size;
    if (size < LOG_HEADER_SIZE || (size - LOG_HEADER_SIZE) % log->frame_size != 0) {
        return corrupt(error, "its log is cut");
    }
    log->big_endian = (word_at(data, LOG_MAGIC) & 1) != 0;
    add_to_sums(log, data, LOG_SUMMED_SIZE);
    if ((word_at(data, LOG_MAGIC) & ~UINT32_C(1)) != MAGIC ||
        word_at(data, LOG_VERSION) != LOG_VERSION_KNOWN ||
        word_at(data, LOG_PAGE_SIZE) != page_size || !sums_are(log, data, LOG_CHECKSUM)) {
        return corrupt(error, "its log has an invalid header");
    }
    log->frames = data + LOG_HEADER_SIZE;
    log->n_frames = (size - LOG_HEADER_SIZE) / log->frame_size;
    return ERROR_NONE;
}

/* Checks all frames; *ret_n_pages is the size of the database after the last transaction. */
static int check_frames(struct log *log, uint32_t *ret_n_pages, struct error *error)
{
    uint32_t commit_size = 0;

    for (size_t i = 0; i < log->n_frames; i++) {
        const uint8_t *frame = log->frames + i * log->frame_size;

        add_to_sums(log, frame, FRAME_SUMMED_SIZE);
        add_to_sums(log, frame + FRAME_HEADER_SIZE, log->page_size);
        if (word_at(frame, FRAME_PAGE) == 0 ||
            word_at(frame, FRAME_SALT) != word_at(log->header, LOG_SALT) ||
            word_at(frame, FRAME_SALT + 1) != word_at(log->header, LOG_SALT + 1) ||
            !sums_are(log, frame, FRAME_CHECKSUM)) {
            return corrupt(error, "its log has an invalid frame");
        }
        commit_size = word_at(frame, FRAME_COMMIT_SIZE);
    }
    if (commit_size == 0) {
        return corrupt(error, "its log ends within a transaction");
    }
    *ret_n_pages = commit_size;
    return ERROR_NONE;
}

static void write_pages(const struct log *log, struct db_image *image, uint32_t n_pages)
{
    for (size_t i = 0; i < log->n_frames; i++) {
        const uint8_t *frame = log->frames + i * log->frame_size;
        uint32_t page = word_at(frame, FRAME_PAGE);

        /* A page behind the end was cut off by a later transaction. */
        if (page <= n_pages) {
            memcpy(image->data + (size_t)(page - 1) * log->page_size, frame + FRAME_HEADER_SIZE,
                   log->page_size);
        }
    }
}

int wal_apply(struct db_image *image, const void *log_data, size_t size, size_t image_size_max,
              struct error *error)
{
    struct log log;
    uint32_t page_size = 0;
    uint32_t n_pages = 0;
    size_t image_size;
    char *data;
    int rv = check_image(image, &page_size, error);

    if (rv != ERROR_NONE || size == 0) {
        return rv;
    }
    rv = open_log(&log, log_data, size, page_size, error);
    if (rv != ERROR_NONE || log.n_frames == 0) {
        return rv;
    }
    rv = check_frames(&log, &n_pages, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (n_pages > image_size_max / page_size) {
        return error_set(error, ERROR_TOO_LARGE, "The database exceeds %zu bytes", image_size_max);
    }
    image_size = (size_t)n_pages * page_size;
    data = realloc(image->data, image_size > image->size ? image_size : image->size);
    if (data == NULL) {
        return error_no_memory(error);
    }
    if (image_size > image->size) {
        memset(data + image->size, 0, image_size - image->size);
    }
    image->data = data;
    image->size = image_size;
    write_pages(&log, image, n_pages);
    return ERROR_NONE;
}
