/* What the stock client and scripts need besides the records: filters, states,
 * operations, and how HTTP itself is answered. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"
#include "test/lib/http_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const sock = world_daemon.socket;

/* `metadata` of GET PATH is EXPECTED, which has ' where JSON has ". */
static void assert_get(const char *path, const char *expected)
{
    json_t *right = world_get(sock, path);
    char *text = strdup(expected);
    json_t *left;

    assert_non_null(text);
    for (char *c = text; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    left = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(left);
    if (!json_equal(left, right)) {
        char *found = json_dumps(right, JSON_ENCODE_ANY);

        print_error("%s is %s\n", path, found);
        free(found);
        fail();
    }
    json_decref(left);
    json_decref(right);
    free(text);
}

static void assert_error(const char *method, const char *path, const char *body, int status,
                         const char *message)
{
    char *found = world_error(sock, method, path, body, status);

    assert_string_equal(found, message);
    free(found);
}

static void assert_status(int status, const char *method, const char *path, const char *body)
{
    int found = world_status(sock, method, path, body);

    if (found != status) {
        fail_msg("%s %s %s: %d", method, path, body == NULL ? "" : body, found);
    }
}

static void lists_are_filtered(void **state)
{
    (void)state;
    world_make(sock);
    assert_get("/1.0/networks?filter=", "['/1.0/networks/UPLINK','/1.0/networks/ovn0',"
                                        "'/1.0/networks/ovn1']");
    assert_get("/1.0/networks?filter=type%20eq%20ovn%20and%20name%20ne%20ovn0",
               "['/1.0/networks/ovn1']");
    assert_get("/1.0/networks?filter=config.network+eq+UPLINK+and+managed+eq+true",
               "['/1.0/networks/ovn0','/1.0/networks/ovn1']");
    assert_get("/1.0/networks?recursion=1&filter=status+eq+Pending", "[]");
    assert_get("/1.0/networks?filter=locations+eq+[\"none\"]+and+type+eq+phys.*",
               "['/1.0/networks/UPLINK']");
    assert_error("GET", "/1.0/networks?filter=bogus+eq+1", NULL, 400,
                 "Invalid type \"invalid\" for field \"bogus\"");
    assert_status(201, "POST", "/1.0/projects", "{\"name\":\"p1\",\"description\":\"two words\"}");
    assert_get("/1.0/projects?filter=description+eq+\"two+words\"", "['/1.0/projects/p1']");
    assert_get("/1.0/projects?filter=config.f.networks+eq+true", "['/1.0/projects/default']");
    assert_error("GET", "/1.0/projects?filter=config+eq+1", NULL, 400,
                 "Invalid type \"map\" for field \"config\"");
    assert_status(201, "POST", "/1.0/networks/ovn0/forwards",
                  "{\"listen_address\":\"198.18.0.8\",\"ports\":[{\"protocol\":\"udp\","
                  "\"listen_port\":\"53\",\"target_address\":\"10.10.10.10\"}]}");
    assert_get("/1.0/networks/ovn0/forwards?filter=ports.protocol+eq+udp+and+ports.snat+eq+false",
               "['/1.0/networks/ovn0/forwards/198.18.0.8']");
    assert_get("/1.0/networks/ovn0/forwards?filter=ports.protocol+eq+tcp", "[]");
    /* What is wrong is so without records, too. */
    assert_error("GET", "/1.0/networks/ovn0/load-balancers?filter=backends.x+eq+1", NULL, 400,
                 "Invalid type \"invalid\" for field \"backends.x\"");
    assert_status(201, "POST", "/1.0/networks/ovn0/load-balancers",
                  "{\"listen_address\":\"198.18.0.7\",\"backends\":[{\"name\":\"b1\","
                  "\"target_address\":\"10.10.10.10\"},{\"name\":\"b2\","
                  "\"target_address\":\"10.10.10.11\"}]}");
    assert_get("/1.0/networks/ovn0/load-balancers?filter=backends.name+eq+b2",
               "['/1.0/networks/ovn0/load-balancers/198.18.0.7']");
    assert_get("/1.0/networks/ovn0/load-balancers?filter=backends.name+eq+b3", "[]");
}

static void networks_tell_their_state_and_leases(void **state)
{
    (void)state;
    world_make(sock);
    assert_status(201, "POST", "/1.0/networks",
                  "{\"name\":\"bare\",\"type\":\"ovn\",\"config\":{\"network\":\"none\","
                  "\"ipv4.address\":\"none\",\"ipv6.address\":\"none\",\"bridge.mtu\":\"1400\","
                  "\"bridge.hwaddr\":\"10:66:6a:00:00:01\"}}");
    assert_get("/1.0/networks/bare/state",
               "{'addresses':null,'counters':null,'hwaddr':'10:66:6a:00:00:01','mtu':1400,"
               "'state':'up','type':'broadcast','bond':null,'bridge':null,'vlan':null,"
               "'ovn':{'chassis':'','logical_router':'','logical_switch':'','uplink_ipv4':'',"
               "'uplink_ipv6':''}}");
    assert_get("/1.0/networks/bare/leases", "[]");
    assert_error("GET", "/1.0/networks/UPLINK/state", NULL, 404,
                 "Network interface \"br-ext\" not found");
    assert_error("GET", "/1.0/networks/UPLINK/leases", NULL, 400, "Not implemented");
    assert_error("GET", "/1.0/networks/nope/state", NULL, 404, "Network not found");
    assert_error("GET", "/1.0/networks/nope/leases", NULL, 404,
                 "Failed loading network: Network not found");
    /* A project that uses the networks of another isn't told their addresses. */
    assert_status(201, "POST", "/1.0/projects", "{\"name\":\"p1\"}");
    assert_get("/1.0/networks/ovn0/leases?project=p1", "[]");
}

static void project_tells_its_limits_and_use(void **state)
{
    (void)state;
    world_make(sock);
    assert_status(201, "POST", "/1.0/projects",
                  "{\"name\":\"p1\",\"config\":{\"features.networks\":\"true\","
                  "\"limits.networks\":\"3\",\"limits.memory\":\"2GiB\",\"limits.disk\":\"5MB\"}}");
    assert_status(201, "POST", "/1.0/networks?project=p1",
                  "{\"name\":\"n1\",\"type\":\"ovn\",\"config\":{\"network\":\"UPLINK\"}}");
    assert_get("/1.0/projects/p1/state",
               "{'resources':{'containers':{'Limit':-1,'Usage':0},'cpu':{'Limit':-1,'Usage':0},"
               "'disk':{'Limit':5000000,'Usage':0},'instances':{'Limit':-1,'Usage':0},"
               "'memory':{'Limit':2147483648,'Usage':0},'networks':{'Limit':3,'Usage':1},"
               "'processes':{'Limit':-1,'Usage':0},'virtual-machines':{'Limit':-1,'Usage':0}}}");
    assert_error("GET", "/1.0/projects/nope/state", NULL, 404, "Project not found");
}

static void project_is_renamed_by_an_operation_that_is_done(void **state)
{
    struct http_answer answer = {0};
    char path[128];
    json_t *body;
    json_t *operation;
    char *location;
    json_t *found;

    (void)state;
    world_make(sock);
    assert_get("/1.0/operations", "{}");
    assert_status(201, "POST", "/1.0/projects", "{\"name\":\"p1\",\"description\":\"d\"}");
    assert_int_equal(http_call(sock, "POST", "/1.0/projects/p1", "{\"name\":\"p2\"}", &answer),
                     HTTP_ANSWERED);
    assert_int_equal(answer.status, 202);
    body = json_loads(answer.body, 0, NULL);
    assert_non_null(body);
    assert_string_equal(json_string_value(json_object_get(body, "type")), "async");
    assert_int_equal(json_integer_value(json_object_get(body, "status_code")), 100);
    location = http_answer_header(&answer, "Location");
    assert_non_null(location);
    assert_string_equal(json_string_value(json_object_get(body, "operation")), location);
    operation = json_object_get(body, "metadata");
    assert_int_equal(json_integer_value(json_object_get(operation, "status_code")), 200);
    assert_string_equal(json_string_value(json_object_get(operation, "description")),
                        "Renaming project");
    assert_string_equal(json_string_value(json_object_get(operation, "err")), "");

    /* It is there to be waited for, and listed. */
    snprintf(path, sizeof path, "%s/wait?timeout=10", location);
    found = world_get(sock, path);
    assert_true(json_equal(found, operation));
    json_decref(found);
    found = world_get(sock, "/1.0/operations?recursion=1");
    assert_true(json_equal(json_array_get(json_object_get(found, "success"), 0), operation));
    json_decref(found);
    assert_error("DELETE", location, NULL, 400, "Only running operations can be cancelled");
    assert_error("GET", "/1.0/operations/nope", NULL, 404, "Operation not found");
    assert_error("GET", "/1.0/operations?project=p&all-projects=true", NULL, 400,
                 "Cannot specify a project when requesting all projects");
    json_decref(body);
    free(location);
    http_answer_close(&answer);

    assert_error("GET", "/1.0/projects/p1", NULL, 404, "Project not found");
    body = world_get(sock, "/1.0/projects/p2");
    assert_string_equal(json_string_value(json_object_get(body, "description")), "d");
    json_decref(body);
    assert_error("POST", "/1.0/projects/p2", "{\"name\":\"default\"}", 409,
                 "A project named \"default\" already exists");
    assert_error("POST", "/1.0/projects/default", "{\"name\":\"p3\"}", 403,
                 "The 'default' project cannot be renamed");
    assert_error("POST", "/1.0/projects/p1", "{\"name\":\"p3\"}", 404,
                 "Failed loading project \"p1\": Project not found");
    assert_status(200, "PATCH", "/1.0/projects/p2",
                  "{\"config\":{\"features.networks\":\"true\"}}");
    assert_status(201, "POST", "/1.0/networks?project=p2",
                  "{\"name\":\"n1\",\"type\":\"ovn\",\"config\":{\"network\":\"UPLINK\"}}");
    assert_error("POST", "/1.0/projects/p2", "{\"name\":\"p3\"}", 400,
                 "Only empty projects can be renamed");
}

static void what_is_not_there_is_empty_or_says_so(void **state)
{
    (void)state;
    assert_get("/1.0/warnings", "null");
    assert_get("/1.0/warnings?recursion=1", "[]");
    assert_get("/1.0/cluster", "{'server_name':'','enabled':false,'member_config':[]}");
    world_make(sock);
    assert_get("/1.0/cluster",
               "{'server_name':'','enabled':false,'member_config':[{'entity':'network',"
               "'name':'UPLINK','key':'parent','value':'',"
               "'description':'\\'parent\\' property for network \\'UPLINK\\''}]}");
}

static void server_that_stands_alone_has_no_members(void **state)
{
    static const char *const methods[] = {"GET", "PUT", "PATCH", "POST", "DELETE"};

    (void)state;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        assert_error(methods[i], "/1.0/cluster/members/n1", "{}", 400, "Server is not clustered");
    }
    assert_error("GET", "/1.0/cluster/members", NULL, 400, "Server is not clustered");
    assert_error("GET", "/1.0/cluster/members/n1/state", NULL, 400, "Server is not clustered");
    assert_error("POST", "/1.0/cluster/members", "{}", 400, "This server is not clustered");
    assert_error("POST", "/1.0/networks?target=n1", "{\"name\":\"x0\",\"type\":\"ovn\"}", 400,
                 "Network type \"ovn\" does not support member specific config");
    assert_error("POST", "/1.0/networks?target=n1",
                 "{\"name\":\"x0\",\"type\":\"physical\",\"config\":{\"mtu\":\"1400\"}}", 400,
                 "Config key \"mtu\" may not be used as member-specific key");
    assert_error("POST", "/1.0/networks?target=n1",
                 "{\"name\":\"x0\",\"type\":\"physical\",\"description\":\"d\"}", 400,
                 "The network description cannot be set for a specific member");
    assert_error("POST", "/1.0/networks?target=n1",
                 "{\"name\":\"x0\",\"config\":{\"tunnel.a.local\":\"192.0.2.1\","
                 "\"bridge.external_interfaces\":\"eth9\"}}",
                 404, "Cluster member not found");
    assert_get("/1.0/networks", "[]");
    /* An empty one is none. */
    assert_status(201, "POST", "/1.0/networks?target=",
                  "{\"name\":\"x0\",\"type\":\"physical\",\"config\":{\"parent\":\"eth0\"}}");
}

static void own_subnets_keep_to_the_restrictions(void **state)
{
#define N(NAME, CONFIG)                                                                            \
    "{\"name\":\"" NAME "\",\"type\":\"ovn\",\"config\":{\"network\":\"UPLINK\"," CONFIG "}}"
    static const char path[] = "/1.0/networks?project=p1";

    (void)state;
    world_make(sock);
    assert_status(201, "POST", "/1.0/projects",
                  "{\"name\":\"p1\",\"config\":{\"features.networks\":\"true\","
                  "\"restricted\":\"true\",\"restricted.networks.uplinks\":\"UPLINK\","
                  "\"restricted.networks.subnets\":\"UPLINK:198.18.0.0/24,"
                  "UPLINK:2001:db8:5::/64\"}}");
    assert_error("POST", path,
                 N("a", "\"ipv4.address\":\"198.18.1.1/25\",\"ipv6.address\":\"none\""), 400,
                 "Project doesn't contain \"198.18.1.0/25\" in its restricted uplink subnets");
    /* A part of it is not all of it. */
    assert_error("POST", path,
                 N("a", "\"ipv4.address\":\"198.18.0.1/23\",\"ipv6.address\":\"none\""), 400,
                 "Project doesn't contain \"198.18.0.0/23\" in its restricted uplink subnets");
    assert_error("POST", path,
                 N("a", "\"ipv4.address\":\"none\",\"ipv6.address\":\"2001:db8:5:1::1/64\""), 400,
                 "Project doesn't contain \"2001:db8:5:1::/64\" in its restricted uplink subnets");
    assert_status(201, "POST", path,
                  N("a", "\"ipv4.address\":\"198.18.0.1/25\",\"ipv4.nat\":\"false\","
                         "\"ipv6.address\":\"2001:db8:5::1/64\""));
    /* What is translated doesn't show on the uplink, but for what it is translated to. */
    assert_status(201, "POST", path,
                  N("b", "\"ipv4.address\":\"10.1.0.1/24\",\"ipv4.nat\":\"true\","
                         "\"ipv6.address\":\"none\""));
    assert_error("PATCH", "/1.0/networks/b?project=p1", "{\"config\":{\"ipv4.nat\":\"false\"}}",
                 400, "Project doesn't contain \"10.1.0.0/24\" in its restricted uplink subnets");
    /* Without restrictions, the uplink's routes are the limit. */
    assert_error("POST", "/1.0/networks",
                 N("c", "\"ipv4.address\":\"10.1.0.1/24\",\"ipv6.address\":\"none\""), 400,
                 "Uplink network doesn't contain \"10.1.0.0/24\" in its routes");
    assert_error("POST", "/1.0/networks",
                 N("c", "\"ipv4.address\":\"192.0.2.2/24\",\"ipv6.address\":\"none\""), 400,
                 "Requested subnet \"192.0.2.0/24\" would mask the uplink gateway");
    assert_status(201, "POST", "/1.0/networks",
                  N("c", "\"ipv4.address\":\"198.18.1.1/24\",\"ipv6.address\":\"none\""));
#undef N
}

static void restricted_project_sees_what_it_may(void **state)
{
    (void)state;
    world_make(sock);
    /* Without networks of its own: those of "default" that it may access. */
    assert_status(201, "POST", "/1.0/projects",
                  "{\"name\":\"p1\",\"config\":{\"restricted\":\"true\","
                  "\"restricted.networks.access\":\"ovn1, other\"}}");
    assert_get("/1.0/networks?project=p1", "['/1.0/networks/ovn1']");
    assert_status(200, "GET", "/1.0/networks/ovn1?project=p1", NULL);
    assert_error("GET", "/1.0/networks/ovn0?project=p1", NULL, 404, "Network not found");
    assert_error("GET", "/1.0/networks/ovn0/state?project=p1", NULL, 404, "Network not found");
    assert_error("GET", "/1.0/networks/ovn0/leases?project=p1", NULL, 404, "Network not found");
    assert_error("PUT", "/1.0/networks/ovn0?project=p1", "{}", 404, "Network not found");
    assert_error("DELETE", "/1.0/networks/ovn0?project=p1", NULL, 404, "Network not found");
    assert_error("DELETE", "/1.0/networks/nope?project=p1", NULL, 404,
                 "Failed loading network: Network not found");
    assert_error("GET", "/1.0/networks/ovn0/load-balancers?project=p1", NULL, 404,
                 "Network not found");
    assert_error("POST", "/1.0/networks/ovn0/load-balancers?project=p1",
                 "{\"listen_address\":\"198.18.0.7\"}", 404, "Network not found");
    assert_status(201, "POST", "/1.0/networks/ovn1/load-balancers?project=p1",
                  "{\"listen_address\":\"198.18.0.7\"}");
    assert_error("POST", "/1.0/networks?project=p1", "{\"name\":\"mine\",\"type\":\"ovn\"}", 403,
                 "Network not allowed in project");
    assert_status(200, "PATCH", "/1.0/projects/p1",
                  "{\"config\":{\"restricted.devices.nic\":\"block\"}}");
    assert_get("/1.0/networks?project=p1", "[]");
    assert_status(200, "PATCH", "/1.0/projects/p1", "{\"config\":{\"restricted\":\"false\"}}");
    assert_status(200, "GET", "/1.0/networks/ovn0?project=p1", NULL);
}

static void restricted_project_shares_networks(void **state)
{
    (void)state;
    world_make(sock);
    assert_status(201, "POST", "/1.0/projects",
                  "{\"name\":\"p2\",\"config\":{\"features.networks\":\"true\","
                  "\"restricted\":\"true\",\"restricted.networks.access\":\"ovn1\","
                  "\"restricted.networks.uplinks\":\"UPLINK\",\"limits.networks\":\"1\"}}");
    assert_status(201, "POST", "/1.0/networks?project=p2", "{\"name\":\"ovn0\",\"type\":\"ovn\"}");
    assert_get("/1.0/networks?project=p2", "['/1.0/networks/ovn1','/1.0/networks/ovn0']");
    assert_status(200, "GET", "/1.0/networks/ovn1?project=p2", NULL);
    /* To look at, not to change. */
    assert_error("DELETE", "/1.0/networks/ovn1?project=p2", NULL, 404,
                 "Failed loading network: Network not found");
    assert_error("POST", "/1.0/networks?project=p2", "{\"name\":\"ovn1\",\"type\":\"ovn\"}", 400,
                 "Network name \"ovn1\" is reserved for a network shared from the default project");
    assert_error("POST", "/1.0/networks/ovn0?project=p2", "{\"name\":\"ovn1\"}", 400,
                 "Network name \"ovn1\" is reserved for a network shared from the default project");
    assert_error(
        "PATCH", "/1.0/projects/p2", "{\"config\":{\"restricted.networks.access\":\"ovn1,ovn0\"}}",
        400,
        "Network \"ovn0\" in restricted.networks.access conflicts with an existing project "
        "network");
    assert_error("POST", "/1.0/networks?project=p2", "{\"name\":\"n2\",\"type\":\"ovn\"}", 400,
                 "Networks limit has been reached for project");
    assert_error("PATCH", "/1.0/projects/p2", "{\"config\":{\"features.networks\":\"false\"}}", 400,
                 "Project feature \"features.networks\" cannot be disabled on non-empty projects");
    assert_error("PATCH", "/1.0/projects/default", "{\"config\":{\"features.networks\":\"\"}}", 400,
                 "You can't change the features of the default project");
}

static void restricted_project_has_its_uplinks_and_subnets(void **state)
{
    (void)state;
    world_make(sock);
    assert_status(201, "POST", "/1.0/projects",
                  "{\"name\":\"p3\",\"config\":{\"features.networks\":\"true\","
                  "\"restricted\":\"true\"}}");
    assert_error("POST", "/1.0/networks?project=p3", "{\"name\":\"n1\",\"type\":\"ovn\"}", 400,
                 "No allowed uplink networks in project");
    assert_error("POST", "/1.0/networks?project=p3",
                 "{\"name\":\"n1\",\"type\":\"ovn\",\"config\":{\"network\":\"UPLINK\"}}", 400,
                 "Option \"network\" value \"UPLINK\" is not one of the allowed uplink networks in "
                 "project");
    assert_error("PATCH", "/1.0/projects/p3",
                 "{\"config\":{\"restricted.networks.subnets\":\"nope:198.18.0.0/24\"}}", 400,
                 "Invalid project configuration key \"restricted.networks.subnets\" value: Invalid "
                 "uplink network \"nope\": Network not found");
    assert_error("PATCH", "/1.0/projects/p3",
                 "{\"config\":{\"restricted.networks.subnets\":\"UPLINK:203.0.113.0/24\"}}", 400,
                 "Invalid project configuration key \"restricted.networks.subnets\" value: Uplink "
                 "network \"UPLINK\" doesn't contain \"203.0.113.0/24\" in its routes");
    assert_status(200, "PATCH", "/1.0/projects/p3",
                  "{\"config\":{\"restricted.networks.uplinks\":\"other, UPLINK\","
                  "\"restricted.networks.subnets\":\"UPLINK:198.18.4.0/24\"}}");
    assert_status(201, "POST", "/1.0/networks?project=p3", "{\"name\":\"n1\",\"type\":\"ovn\"}");
    assert_error("POST", "/1.0/networks/n1/load-balancers?project=p3",
                 "{\"listen_address\":\"198.18.5.1\"}", 400,
                 "Failed creating load balancer: Project doesn't contain \"198.18.5.1/32\" in its "
                 "restricted uplink subnets");
    assert_status(201, "POST", "/1.0/networks/n1/load-balancers?project=p3",
                  "{\"listen_address\":\"198.18.4.1\"}");
    /* Of two uplinks, one must be named; a bridge is one. */
    assert_status(201, "POST", "/1.0/networks",
                  "{\"name\":\"br1\",\"type\":\"bridge\",\"config\":{\"ipv4.address\":"
                  "\"10.99.0.1/24\",\"ipv6.address\":\"none\",\"ipv4.dhcp.ranges\":"
                  "\"10.99.0.2-10.99.0.99\",\"ipv4.ovn.ranges\":\"10.99.0.100-10.99.0.199\"}}");
    assert_error("POST", "/1.0/networks", "{\"name\":\"n2\",\"type\":\"ovn\"}", 400,
                 "Option \"network\" is required");
    assert_status(201, "POST", "/1.0/networks",
                  "{\"name\":\"n2\",\"type\":\"ovn\",\"config\":{\"network\":\"br1\"}}");
    assert_get("/1.0/networks?filter=config.volatile.network.ipv4.address+eq+10.99.0.100",
               "['/1.0/networks/n2']");
    assert_error("DELETE", "/1.0/networks/br1", NULL, 400, "The network is currently in use");
}

/* The whole answer to a request with one header (or NULL). */
static void send_request(const char *method, const char *path, const char *header,
                         struct http_answer *ret_answer)
{
    const char *const headers[] = {header, NULL};
    struct http_request request = {.method = method, .path = path, .headers = headers};

    assert_int_equal(http_send(sock, &request, 10000, ret_answer), HTTP_ANSWERED);
}

static void methods_and_paths_are_answered_as_by_incus(void **state)
{
    struct http_answer answer = {0};
    char *location;

    (void)state;
    send_request("OPTIONS", "/nope", NULL, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "");
    http_answer_close(&answer);
    assert_error("FOO", "/1.0/networks", NULL, 404, "Method \"FOO\" not found");
    assert_error("TRACE", "/1.0/networks", NULL, 404, "Method \"TRACE\" not found");
    assert_error("FOO", "/nope", NULL, 404, "not found");
    assert_error("DELETE", "/1.0/networks", NULL, 501, "not implemented");
    assert_status(501, "PATCH", "/1.0/projects", NULL);
    assert_error("GET", "/1.0/networks/", NULL, 404, "not found");
    assert_error("GET", "/1.0/instances", NULL, 404, "not found");

    send_request("GET", "//1.0/../1.0/./networks?recursion=1&filter=<", NULL, &answer);
    assert_int_equal(answer.status, 307);
    location = http_answer_header(&answer, "Location");
    assert_string_equal(location, "/1.0/networks?recursion=1&filter=<");
    free(location);
    assert_string_equal(answer.body,
                        "<a href=\"/1.0/networks?recursion=1&amp;filter=&lt;\">Temporary "
                        "Redirect</a>.\n\n");
    http_answer_close(&answer);

    send_request("GET", "/1.0/networks", "Sec-Fetch-Site: same-site", &answer);
    assert_int_equal(answer.status, 403);
    assert_non_null(strstr(answer.body, "\"Forbidden Sec-Fetch-Site header value\""));
    http_answer_close(&answer);
    send_request("GET", "/1.0/networks", "Sec-Fetch-Site: same-origin", &answer);
    assert_int_equal(answer.status, 200);
    http_answer_close(&answer);

    /* There is one member only: no target is another. */
    world_make(sock);
    assert_status(200, "GET", "/1.0/networks/ovn0?target=nope", NULL);
    assert_status(201, "POST", "/1.0/networks/ovn0/load-balancers?target=nope",
                  "{\"listen_address\":\"198.18.0.7\"}");
}

static void stale_changes_of_all_objects_are_refused(void **state)
{
    static const char *const stale[] = {"If-Match: \"stale\"", NULL};
    static const struct {
        const char *method;
        const char *path;
    } cases[] = {
        {"PUT", "/1.0"},
        {"PATCH", "/1.0"},
        {"PUT", "/1.0/projects/default"},
        {"PATCH", "/1.0/projects/default"},
        {"PUT", "/1.0/networks/ovn0"},
        {"PATCH", "/1.0/networks/ovn0"},
        {"PUT", "/1.0/networks/ovn0/load-balancers/198.18.0.7"},
        {"PATCH", "/1.0/networks/ovn0/load-balancers/198.18.0.7"},
    };

    (void)state;
    world_make(sock);
    assert_status(201, "POST", "/1.0/networks/ovn0/load-balancers",
                  "{\"listen_address\":\"198.18.0.7\"}");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_request request = {
            .method = cases[i].method,
            .path = cases[i].path,
            .headers = stale,
            .body = "{\"config\":{\"user.a\":\"b\"}}",
            .body_size = strlen("{\"config\":{\"user.a\":\"b\"}}"),
        };
        struct http_answer answer = {0};
        char *etag;
        char expected[200];

        send_request("GET", cases[i].path, NULL, &answer);
        etag = http_answer_header(&answer, "Etag");
        assert_non_null(etag);
        http_answer_close(&answer);
        snprintf(expected, sizeof expected, "\"ETag doesn't match: %.64s vs stale\"", etag + 1);
        assert_int_equal(http_send(sock, &request, 10000, &answer), HTTP_ANSWERED);
        assert_int_equal(answer.status, 412);
        assert_non_null(strstr(answer.body, expected));
        http_answer_close(&answer);
        free(etag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_are_filtered, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(networks_tell_their_state_and_leases, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(project_tells_its_limits_and_use, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(project_is_renamed_by_an_operation_that_is_done,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_empty_or_says_so, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(server_that_stands_alone_has_no_members, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(own_subnets_keep_to_the_restrictions, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(restricted_project_sees_what_it_may, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(restricted_project_shares_networks, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(restricted_project_has_its_uplinks_and_subnets,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(methods_and_paths_are_answered_as_by_incus, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(stale_changes_of_all_objects_are_refused, world_set_up,
                                        world_tear_down),
    };

    return cmocka_run_group_tests_name("compatibility", tests, NULL, NULL);
}
