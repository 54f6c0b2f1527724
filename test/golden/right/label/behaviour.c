#include "test/golden/behaviour.h"
#include "test/golden/right/label/expect.mapper.h"

void golden_label(void **state)
{
    const struct dns_zone zone = {.name = "example.net"};
    int64_t created;
    int64_t id;

    (void)state;
    golden_fails(dns_zone_id(&golden.tx, "example.net", &id, &golden.error), ERROR_NOT_FOUND,
                 "DNS zone not found");
    golden_succeed(dns_zone_create(&golden.tx, &zone, &created, &golden.error));
    golden_succeed(dns_zone_id(&golden.tx, "example.net", &id, &golden.error));
    assert_int_equal(id, created);
    golden_fails(dns_zone_create(&golden.tx, &zone, &id, &golden.error), ERROR_CONFLICT,
                 "This \"DNS zone\" entry already exists");
}
