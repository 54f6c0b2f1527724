/* verb_notes.h - what --help says below several verbs. */
#ifndef LBSTATE_CTL_VERB_NOTES_H
#define LBSTATE_CTL_VERB_NOTES_H

#define NOTES_OF_EDIT                                                                              \
    "On a terminal the record is shown in $VISUAL, $EDITOR or editor(1), and put back when\n"      \
    "that ends, unless somebody else changed it meanwhile. Otherwise YAML is read from\n"          \
    "standard input and replaces the record: what is left out becomes empty."

#define NOTES_OF_SET                                                                               \
    "`key=` removes the key. A single key may also be given as two words: key value.\n"            \
    "Unless standard input is a terminal, the value of `key=-` is read from there.\n"

#define NOTES_OF_LIST                                                                              \
    "FILTER is the beginning of a name, or key=value with a member of the record or a key of\n"    \
    "its config, whose value is a regular expression. All of them must fit."

#define NOTES_OF_DELETE                                                                            \
    "They go one after the other. One that can't be deleted doesn't keep the others."

#define NOTES_OF_CREATE                                                                            \
    "Unless standard input is a terminal, YAML is read from it first, as `show` prints it;\n"      \
    "what the command line says is added, or replaces it. With a pair `key=-` it is the value\n"   \
    "of that key instead.\n"

/* The keys that people need most. */
#define KEYS_OF_LOAD_BALANCER                                                                      \
    "Keys: healthcheck (true or false), healthcheck.interval, healthcheck.timeout (seconds),\n"    \
    "healthcheck.success_count, healthcheck.failure_count, and user.* for your own."

#define KEYS_OF_FORWARD                                                                            \
    "Keys: target_address, where all goes that no port of it says otherwise of, and user.*\n"      \
    "for your own."

#define KEYS_OF_NETWORK                                                                            \
    "Keys of an uplink (physical): parent, ipv4.gateway, ipv4.ovn.ranges, ipv4.routes. Keys\n"     \
    "of an OVN network: network (its uplink), ipv4.address, ipv4.nat, ipv4.dhcp. With ipv6\n"      \
    "likewise. user.* is for your own; lbctl(1) names more."

#define KEYS_OF_PROJECT                                                                            \
    "Keys: features.networks, limits.networks, restricted, restricted.networks.access,\n"          \
    "restricted.networks.uplinks, restricted.networks.subnets, and user.* for your own;\n"         \
    "lbctl(1) names more."

#endif
