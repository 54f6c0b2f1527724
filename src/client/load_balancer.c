/* The load balancers of a network. */
#include "client/records.h"

static struct records records_of(struct lbstate_client *client, const char *project,
                                 const char *network)
{
    return (struct records){client, project, network, "load-balancers"};
}

int lbstate_load_balancer_list(struct lbstate_client *client, const char *project,
                               const char *network, char **ret_json, struct lbstate_error *error)
{
    struct records records = records_of(client, project, network);

    return records_list(&records, ret_json, error);
}

int lbstate_load_balancer_get(struct lbstate_client *client, const char *project,
                              const char *network, const char *address, char **ret_json,
                              char **ret_etag, struct lbstate_error *error)
{
    struct records records = records_of(client, project, network);

    return records_get(&records, address, ret_json, ret_etag, error);
}

int lbstate_load_balancer_create(struct lbstate_client *client, const char *project,
                                 const char *network, const char *json, struct lbstate_error *error)
{
    struct records records = records_of(client, project, network);

    return records_change(&records, "POST", NULL, json, NULL, error);
}

int lbstate_load_balancer_update(struct lbstate_client *client, const char *project,
                                 const char *network, const char *address, const char *json,
                                 const char *if_match, struct lbstate_error *error)
{
    struct records records = records_of(client, project, network);

    return records_change(&records, "PUT", address, json, if_match, error);
}

int lbstate_load_balancer_delete(struct lbstate_client *client, const char *project,
                                 const char *network, const char *address,
                                 struct lbstate_error *error)
{
    struct records records = records_of(client, project, network);

    return records_change(&records, "DELETE", address, NULL, NULL, error);
}
