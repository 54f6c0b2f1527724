#include "api/url.h"

#include "lb/project.h"

#include <stdbool.h>
#include <string.h>

static void append_escaped(struct buffer *url, const char *text, const char *also_plain)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (const char *p = text; *p != '\0'; p++) {
        if (strchr(plain, *p) != NULL || strchr(also_plain, *p) != NULL) {
            buffer_append_char(url, *p);
        } else {
            buffer_printf(url, "%%%02X", (unsigned)(unsigned char)*p);
        }
    }
}

void url_append_segment(struct buffer *url, const char *segment)
{
    append_escaped(url, segment, "$&+,:;=@");
}

static void append_project_query(struct buffer *url, const char *project)
{
    if (project != NULL && strcmp(project, PROJECT_DEFAULT) != 0) {
        buffer_append_string(url, "?project=");
        append_escaped(url, project, "");
    }
}

void url_append_network(struct buffer *url, const char *project, const char *network)
{
    buffer_append_string(url, "/1.0/networks/");
    url_append_segment(url, network);
    append_project_query(url, project);
}

static void append_below_network(struct buffer *url, const char *project, const char *network,
                                 const char *list, const char *name)
{
    url_append_network(url, NULL, network);
    buffer_append_string(url, list);
    url_append_segment(url, name);
    append_project_query(url, project);
}

void url_append_forward(struct buffer *url, const char *project, const char *network,
                        const char *listen_address)
{
    append_below_network(url, project, network, "/forwards/", listen_address);
}

void url_append_load_balancer(struct buffer *url, const char *project, const char *network,
                              const char *listen_address)
{
    append_below_network(url, project, network, "/load-balancers/", listen_address);
}

void url_append_project(struct buffer *url, const char *project)
{
    buffer_append_string(url, "/1.0/projects/");
    url_append_segment(url, project);
}

void url_append_cluster_member(struct buffer *url, const char *member)
{
    buffer_append_string(url, "/1.0/cluster/members/");
    url_append_segment(url, member);
}

void url_append_cluster_group(struct buffer *url, const char *group)
{
    buffer_append_string(url, "/1.0/cluster/groups/");
    url_append_segment(url, group);
}

char *url_clean_path(struct arena *arena, const char *path)
{
    size_t left = strlen(path);
    char *clean = arena_alloc(arena, left + 2);
    bool slash_ends = left > 0 && path[left - 1] == '/';
    size_t size = 0;

    if (clean == NULL) {
        return NULL;
    }
    while (*path != '\0') {
        size_t n;

        path += strspn(path, "/");
        n = strcspn(path, "/");
        if (n == 2 && path[0] == '.' && path[1] == '.') {
            while (size > 0 && clean[--size] != '/') {
            }
        } else if (n > 0 && !(n == 1 && path[0] == '.')) {
            clean[size++] = '/';
            memcpy(clean + size, path, n);
            size += n;
        }
        path += n;
    }
    if (size == 0 || slash_ends) {
        clean[size++] = '/';
    }
    clean[size] = '\0';
    return clean;
}
