/* Keys, their pins, and what is made of a join token's secret. */
#include "node/certificate.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/temp_dir.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint8_t secret[JOIN_SECRET_SIZE] = "thirty-two bytes of a join token";

struct fixture {
    char *path;
    struct state_dir dir;
    struct certificate *certificate;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error error;

    assert_non_null(f);
    f->path = temp_dir_new();
    assert_int_equal(state_dir_open(f->path, &f->dir, &error), ERROR_NONE);
    assert_int_equal(certificate_new("node1", &f->certificate, &error), ERROR_NONE);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    certificate_free(f->certificate);
    state_dir_close(&f->dir);
    temp_dir_remove(f->path);
    free(f);
    return 0;
}

/* What a shell command prints, with the directory of the test as $1. */
static void shell(const struct fixture *f, const char *command, char *out, size_t out_size)
{
    char line[1024];
    size_t size;
    FILE *pipe;

    snprintf(line, sizeof line, "set -- '%s'; %s", f->path, command);
    pipe = popen(line, "r");
    assert_non_null(pipe);
    size = fread(out, 1, out_size - 1, pipe);
    out[size] = '\0';
    assert_int_equal(pclose(pipe), 0);
}

/* The pin is what RFC 7469 says, by the tools of others. */
static void test_pin(void **state)
{
    struct fixture *f = *state;
    struct error error;
    uint8_t pin[PIN_SIZE];
    char text[PIN_TEXT_SIZE];
    char expected[256];

    assert_int_equal(certificate_save(&f->dir, "node.pem", f->certificate, &error), ERROR_NONE);
    shell(f,
          "openssl x509 -in \"$1/node.pem\" -noout -pubkey | "
          "openssl pkey -pubin -outform DER | sha256sum | cut -c 1-64 | tr -d '\\n'",
          expected, sizeof expected);
    certificate_pin(f->certificate, pin);
    pin_format(pin, text);
    assert_string_equal(text, expected);
    shell(f, "openssl x509 -in \"$1/node.pem\" -noout -subject -enddate", expected,
          sizeof expected);
    assert_non_null(strstr(expected, "CN = node1"));
    assert_non_null(strstr(expected, "9999"));
}

static void test_each_is_another_one(void **state)
{
    struct fixture *f = *state;
    struct certificate *other;
    struct error error;
    uint8_t pin[PIN_SIZE];
    uint8_t other_pin[PIN_SIZE];

    assert_int_equal(certificate_new("node1", &other, &error), ERROR_NONE);
    certificate_pin(f->certificate, pin);
    certificate_pin(other, other_pin);
    assert_memory_not_equal(pin, other_pin, PIN_SIZE);
    certificate_free(certificate_ref(other));
    certificate_free(other);
    certificate_free(NULL);
}

static void test_save_and_load(void **state)
{
    struct fixture *f = *state;
    struct certificate *loaded;
    struct error error;
    struct stat info;
    uint8_t pin[PIN_SIZE];
    uint8_t loaded_pin[PIN_SIZE];

    assert_int_equal(certificate_load(&f->dir, "node.pem", &loaded, &error), ERROR_NOT_FOUND);
    assert_int_equal(certificate_save(&f->dir, "node.pem", f->certificate, &error), ERROR_NONE);
    assert_int_equal(fstatat(f->dir.fd, "node.pem", &info, 0), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    assert_int_equal(certificate_load(&f->dir, "node.pem", &loaded, &error), ERROR_NONE);
    certificate_pin(f->certificate, pin);
    certificate_pin(loaded, loaded_pin);
    assert_memory_equal(pin, loaded_pin, PIN_SIZE);
    certificate_free(loaded);
}

static void expect_corrupt(const struct fixture *f)
{
    struct certificate *loaded;
    struct error error;

    assert_int_equal(certificate_load(&f->dir, "node.pem", &loaded, &error), ERROR_CORRUPT);
    assert_non_null(strstr(error.message, "node.pem"));
}

static void test_damaged_files(void **state)
{
    struct fixture *f = *state;
    struct certificate *other;
    struct error error;
    char ignored[16];

    shell(f, "echo nonsense >\"$1/node.pem\"", ignored, sizeof ignored);
    expect_corrupt(f);
    shell(f, ": >\"$1/node.pem\"", ignored, sizeof ignored);
    expect_corrupt(f);
    shell(f, "head -c 70000 /dev/zero >\"$1/node.pem\"", ignored, sizeof ignored);
    expect_corrupt(f);

    /* The key of one with the certificate of another. */
    assert_int_equal(certificate_new("node2", &other, &error), ERROR_NONE);
    assert_int_equal(certificate_save(&f->dir, "1.pem", f->certificate, &error), ERROR_NONE);
    assert_int_equal(certificate_save(&f->dir, "2.pem", other, &error), ERROR_NONE);
    certificate_free(other);
    shell(f,
          "cd \"$1\" && openssl pkey -in 1.pem -out node.pem && "
          "openssl x509 -in 2.pem >>node.pem",
          ignored, sizeof ignored);
    expect_corrupt(f);

    /* A password is not asked for. */
    shell(f, "cd \"$1\" && openssl pkey -in 1.pem -aes128 -passout pass:x -out node.pem", ignored,
          sizeof ignored);
    expect_corrupt(f);
}

static void test_names_too_long(void **state)
{
    struct certificate *certificate;
    struct error error;
    char name[100];

    (void)state;
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(certificate_new(name, &certificate, &error), ERROR_INVALID);
    /* The longest name of a member goes. */
    name[63] = '\0';
    assert_int_equal(certificate_new(name, &certificate, &error), ERROR_NONE);
    certificate_free(certificate);
}

/* HKDF, Ed25519 and the hash, computed once by another program (Python's cryptography). */
static void test_key_of_a_secret(void **state)
{
    struct certificate *certificate;
    struct error error;
    uint8_t pin[PIN_SIZE];
    uint8_t again[PIN_SIZE];
    char text[PIN_TEXT_SIZE];
    uint8_t other[JOIN_SECRET_SIZE];

    (void)state;
    assert_int_equal(certificate_from_secret(secret, &certificate, &error), ERROR_NONE);
    certificate_pin(certificate, pin);
    certificate_free(certificate);
    assert_int_equal(join_secret_pin(secret, again, &error), ERROR_NONE);
    assert_memory_equal(pin, again, PIN_SIZE);
    pin_format(pin, text);
    assert_string_equal(text, "18e0576c7cdea0eec21a47dfd5abd3fea2e59b69722b071868cb74fdb852453c");
    memcpy(other, secret, sizeof other);
    other[31] ^= 1;
    assert_int_equal(join_secret_pin(other, again, &error), ERROR_NONE);
    assert_memory_not_equal(pin, again, PIN_SIZE);
}

static void test_proof(void **state)
{
    uint8_t server_pin[PIN_SIZE];
    uint8_t key[JOIN_PROOF_SIZE];
    uint8_t proof[JOIN_PROOF_SIZE];
    uint8_t other[JOIN_PROOF_SIZE];
    struct error error;
    char text[PIN_TEXT_SIZE];

    (void)state;
    memset(server_pin, 7, sizeof server_pin);
    assert_int_equal(join_proof_key(secret, key, &error), ERROR_NONE);
    assert_int_equal(join_proof(key, "abc", server_pin, proof, &error), ERROR_NONE);
    pin_format(proof, text);
    assert_string_equal(text, "e478b514f768bf9538af8f32d5a4231b2afe8ca607489c1ac211f35750f7c252");
    assert_int_equal(join_proof(key, "abd", server_pin, other, &error), ERROR_NONE);
    assert_memory_not_equal(proof, other, sizeof proof);
    server_pin[0] ^= 1;
    assert_int_equal(join_proof(key, "abc", server_pin, other, &error), ERROR_NONE);
    assert_memory_not_equal(proof, other, sizeof proof);
}

static void test_pin_text(void **state)
{
    uint8_t pin[PIN_SIZE];
    uint8_t parsed[PIN_SIZE];
    char text[PIN_TEXT_SIZE];
    char upper[PIN_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < PIN_SIZE; i++) {
        pin[i] = (uint8_t)(i * 8 + 3);
    }
    pin_format(pin, text);
    assert_memory_equal(text, "030b131b", 8);
    assert_true(pin_parse(text, parsed));
    assert_memory_equal(pin, parsed, PIN_SIZE);
    for (size_t i = 0; i < sizeof text; i++) {
        upper[i] = (char)(text[i] >= 'a' && text[i] <= 'f' ? text[i] - 32 : text[i]);
    }
    assert_true(pin_parse(upper, parsed));
    assert_memory_equal(pin, parsed, PIN_SIZE);
    text[63] = 'g';
    assert_false(pin_parse(text, parsed));
    text[63] = '\0';
    assert_false(pin_parse(text, parsed));
    assert_false(pin_parse("", parsed));
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pin),
        TEST(test_each_is_another_one),
        TEST(test_save_and_load),
        TEST(test_damaged_files),
        cmocka_unit_test(test_names_too_long),
        cmocka_unit_test(test_key_of_a_secret),
        cmocka_unit_test(test_proof),
        cmocka_unit_test(test_pin_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
