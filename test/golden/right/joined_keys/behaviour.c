#include "test/golden/behaviour.h"
#include "test/golden/right/joined_keys/expect.mapper.h"

static void create(const char *town, const char *shop, enum season season, int64_t cents)
{
    struct price price = {.town = town, .shop = shop, .season = season, .cents = cents};
    int64_t id;

    golden_succeed(price_create(&golden.tx, &price, &id, &golden.error));
}

static void check_prices(void)
{
    struct price_selector selectors[2];
    struct price_list list;
    struct price price;
    uint64_t n_deleted;

    create("Vigo", "west", WINTER, 100);
    create("Vigo", "west", SUMMER, 200);
    create("Vigo", "east", WINTER, 300);
    create("Lyon", "east", WINTER, 400);
    assert_int_equal(golden_integer("SELECT cents FROM prices WHERE shop_id = 12"), 300);
    assert_int_equal(
        golden_integer("SELECT cents FROM prices WHERE shop_id = 13 AND season_word = 'warm'"),
        200);

    /* In the order of the key: the shop's name, the season, the town. */
    golden_succeed(price_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 4);
    assert_string_equal(list.objects[0].town, "Lyon");
    assert_int_equal(list.objects[0].shop_id, 11);
    assert_string_equal(list.objects[1].town, "Vigo");
    assert_string_equal(list.objects[1].shop, "east");
    assert_int_equal(list.objects[2].season, SUMMER);
    assert_int_equal(list.objects[3].season, WINTER);
    selectors[0] = price_by_shop_and_season_and_town("west", WINTER, "Vigo");
    selectors[1] = price_by_shop_and_season_and_town("east", WINTER, "Lyon");
    golden_succeed(price_get_many(&golden.tx, selectors, 2, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 2);
    assert_int_equal(list.objects[0].shop_id, 11);
    assert_int_equal(list.objects[1].shop_id, 13);

    /* The id is read, and never written: the names say which shop it is. */
    golden_succeed(
        price_get_one(&golden.tx, "west", SUMMER, "Vigo", &golden.arena, &price, &golden.error));
    price.shop_id = 99;
    price.shop = "east";
    price.town = "Lyon";
    price.cents = 500;
    golden_succeed(price_update(&golden.tx, "west", SUMMER, "Vigo", &price, &golden.error));
    assert_int_equal(
        golden_integer("SELECT cents FROM prices WHERE shop_id = 11 AND season_word = 'warm'"),
        500);
    price.cents = 600;
    golden_succeed(price_create_or_replace(&golden.tx, &price, &golden.error));
    assert_int_equal(golden_integer("SELECT sum(cents) FROM prices"), 600 + 100 + 300 + 400);
    golden_succeed(price_delete_many_by_shop_id(&golden.tx, 11, &n_deleted, &golden.error));
    assert_int_equal(n_deleted, 2);
}

static void check_folders(void)
{
    struct folder folder = {.parent = "/", .name = "a", .word = "/a"};
    struct folder got;
    int64_t id;

    golden_succeed(folder_create(&golden.tx, &folder, &id, &golden.error));
    folder = (struct folder){.parent = "/a", .name = "a", .word = "/a/a"};
    golden_succeed(folder_create(&golden.tx, &folder, &id, &golden.error));
    golden_succeed(folder_get_one(&golden.tx, "/a", "a", &golden.arena, &got, &golden.error));
    assert_int_equal(got.id, id);
    assert_string_equal(got.word, "/a/a");
    assert_string_equal(got.parent, "/a");
    folder.parent = "/nowhere";
    assert_int_equal(folder_create(&golden.tx, &folder, &id, &golden.error), ERROR_INVALID);
}

void golden_joined_keys(void **state)
{
    (void)state;
    check_prices();
    check_folders();
}
