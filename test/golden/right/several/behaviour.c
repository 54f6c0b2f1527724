#include "test/golden/behaviour.h"
#include "test/golden/right/several/expect.mapper.h"

void golden_several(void **state)
{
    const struct ssh_key key = {.finger = "SHA256:x"};
    const struct ssh_policy first = {.name = "b", .rank = 1};
    const struct ssh_policy second = {.name = "a", .rank = 1};
    struct ssh_policy_selector selector = ssh_policy_by_rank(1);
    struct ssh_policy_list policies;
    struct ssh_key_list keys;
    int64_t id;

    (void)state;
    golden_succeed(ssh_key_create(&golden.tx, &key, &id, &golden.error));
    golden_succeed(ssh_policy_create(&golden.tx, &first, &id, &golden.error));
    golden_succeed(ssh_policy_create(&golden.tx, &second, &id, &golden.error));
    golden_succeed(ssh_key_get_many(&golden.tx, NULL, 0, &golden.arena, &keys, &golden.error));
    assert_int_equal(keys.n_objects, 1);
    golden_succeed(
        ssh_policy_get_many(&golden.tx, &selector, 1, &golden.arena, &policies, &golden.error));
    assert_int_equal(policies.n_objects, 2);
    assert_string_equal(policies.objects[0].name, "a");
}
