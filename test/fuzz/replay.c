/* The main program of a fuzz target where no fuzzer is linked: runs the target
 * over the files that are named, or over those of its corpus, and over a number
 * of small changes to each, which are the same in every run. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_SIZE_MAX   (64 * 1024)
#define CHANGED_PER_FILE 1000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A linear congruential generator: the same numbers everywhere. */
static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* Changes a byte, or drops or doubles a few; returns the new size. */
static size_t change(uint8_t *data, size_t size, uint64_t *random)
{
    size_t at = next_random(random) % size;
    size_t n = next_random(random) % 8 + 1;

    if (n > size - at) {
        n = size - at;
    }
    switch (next_random(random) % 3) {
    case 0:
        memmove(data + at, data + at + n, size - at - n);
        return size - n;
    case 1:
        if (size + n > INPUT_SIZE_MAX) {
            return size;
        }
        memmove(data + at + n, data + at, size - at);
        return size + n;
    default:
        data[at] = (uint8_t)next_random(random);
        return size;
    }
}

/* The target sees exactly SIZE bytes, so that a sanitizer sees a read past them. */
static int run_target(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);

    if (copy == NULL) {
        return 1;
    }
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 0;
}

static int run_file(const char *path)
{
    static uint8_t original[INPUT_SIZE_MAX];
    static uint8_t changed[INPUT_SIZE_MAX];
    uint64_t random = 1;
    FILE *file = fopen(path, "rb");
    size_t size;
    int failed;

    if (file == NULL) {
        perror(path);
        return 1;
    }
    size = fread(original, 1, sizeof original, file);
    failed = ferror(file);
    fclose(file);
    failed = failed || run_target(original, size) != 0;
    for (unsigned i = 0; i < CHANGED_PER_FILE && failed == 0; i++) {
        size_t changed_size = size;

        memcpy(changed, original, size);
        for (unsigned n = i % 4 + 1; n > 0 && changed_size > 0; n--) {
            changed_size = change(changed, changed_size, &random);
        }
        failed = run_target(changed, changed_size);
    }
    return failed;
}

/* The corpus of fuzz_x lies in test/fuzz/corpus/fuzz_x. */
static int run_corpus(const char *program)
{
    const char *source_folder = getenv("srcdir");
    const char *name = strrchr(program, '/');
    char path[4096];
    struct dirent *entry;
    unsigned n_files = 0;
    int failed = 0;
    size_t size;
    DIR *folder;

    name = name == NULL ? program : name + 1;
    size = (size_t)snprintf(path, sizeof path, "%s/test/fuzz/corpus/%s",
                            source_folder == NULL ? "." : source_folder,
                            strncmp(name, "lt-", 3) == 0 ? name + 3 : name);
    folder = size < sizeof path ? opendir(path) : NULL;
    if (folder == NULL) {
        perror(path);
        return 1;
    }
    while (failed == 0 && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            snprintf(path + size, sizeof path - size, "/%s", entry->d_name);
            failed = run_file(path);
            n_files++;
        }
    }
    closedir(folder);
    printf("%u files, each as it is and changed %d times\n", n_files, CHANGED_PER_FILE);
    return failed != 0 || n_files == 0;
}

int main(int argc, char **argv)
{
    int failed = 0;

    if (argc < 2) {
        return run_corpus(argv[0]);
    }
    for (int i = 1; i < argc && failed == 0; i++) {
        failed = run_file(argv[i]);
    }
    return failed;
}
