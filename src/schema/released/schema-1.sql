-- The schema of lbstate, as a whole. Column types are INTEGER, TEXT and BLOB
-- only: the engine aborts on values that don't match BOOLEAN or DATETIME.
-- Names and columns follow Incus, so that its queries keep working.

CREATE TABLE schema (
    version INTEGER PRIMARY KEY NOT NULL,
    updated_at TEXT NOT NULL
);

-- One row: the revision of the last committed change of the store.
CREATE TABLE store_revision (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    revision INTEGER NOT NULL
);
INSERT INTO store_revision (id, revision) VALUES (1, 0);

-- What was deleted, and when: a watcher that was away learns of it from here.
CREATE TABLE store_tombstones (
    revision INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    project TEXT NOT NULL,
    network TEXT NOT NULL,
    name TEXT NOT NULL,
    deleted_at INTEGER NOT NULL
);
CREATE INDEX store_tombstones_deleted_at ON store_tombstones (deleted_at);

-- The requests of the last minutes, so that one that comes again is answered
-- rather than applied twice.
CREATE TABLE store_requests (
    id TEXT PRIMARY KEY NOT NULL,
    revision INTEGER NOT NULL,
    result TEXT NOT NULL,
    committed_at INTEGER NOT NULL
);
CREATE INDEX store_requests_committed_at ON store_requests (committed_at);

CREATE TABLE config (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (key)
);

CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (name)
);

CREATE TABLE projects_config (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    project_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (project_id, key),
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);

CREATE TABLE networks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    project_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    state INTEGER NOT NULL,
    type INTEGER NOT NULL,
    uplink_id INTEGER,
    revision INTEGER NOT NULL,
    UNIQUE (project_id, name),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    -- An uplink can't go while a network uses it.
    FOREIGN KEY (uplink_id) REFERENCES networks (id)
);
CREATE INDEX networks_uplink_id ON networks (uplink_id);

CREATE TABLE networks_config (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    network_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (network_id, key),
    FOREIGN KEY (network_id) REFERENCES networks (id) ON DELETE CASCADE
);

CREATE TABLE networks_load_balancers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    network_id INTEGER NOT NULL,
    listen_address TEXT NOT NULL,
    description TEXT NOT NULL,
    backends TEXT NOT NULL,
    ports TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (network_id, listen_address),
    -- A network can't go while it has load balancers.
    FOREIGN KEY (network_id) REFERENCES networks (id)
);

CREATE TABLE networks_load_balancers_config (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    network_load_balancer_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (network_load_balancer_id, key),
    FOREIGN KEY (network_load_balancer_id) REFERENCES networks_load_balancers (id) ON DELETE CASCADE
);

CREATE TABLE networks_forwards (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    network_id INTEGER NOT NULL,
    listen_address TEXT NOT NULL,
    description TEXT NOT NULL,
    ports TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (network_id, listen_address),
    -- A network can't go while it has forwards.
    FOREIGN KEY (network_id) REFERENCES networks (id)
);

CREATE TABLE networks_forwards_config (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    network_forward_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (network_forward_id, key),
    FOREIGN KEY (network_forward_id) REFERENCES networks_forwards (id) ON DELETE CASCADE
);

-- The external addresses in use on each uplink, each held by one network: by the
-- load balancer or the forward that listens on it, or else as the network's own
-- address on the uplink. Two networks can never take the same one, nor can a load
-- balancer and a forward.
CREATE TABLE networks_external_addresses (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    uplink_id INTEGER NOT NULL,
    address TEXT NOT NULL,
    network_id INTEGER NOT NULL,
    network_load_balancer_id INTEGER,
    network_forward_id INTEGER,
    UNIQUE (uplink_id, address),
    UNIQUE (network_load_balancer_id),
    UNIQUE (network_forward_id),
    CHECK (network_load_balancer_id IS NULL OR network_forward_id IS NULL),
    FOREIGN KEY (uplink_id) REFERENCES networks (id),
    FOREIGN KEY (network_id) REFERENCES networks (id) ON DELETE CASCADE,
    FOREIGN KEY (network_load_balancer_id) REFERENCES networks_load_balancers (id) ON DELETE CASCADE,
    FOREIGN KEY (network_forward_id) REFERENCES networks_forwards (id) ON DELETE CASCADE
);
CREATE INDEX networks_external_addresses_network_id ON networks_external_addresses (network_id);

-- The subnets that networks route on their uplink without translation.
CREATE TABLE networks_external_subnets (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    uplink_id INTEGER NOT NULL,
    subnet TEXT NOT NULL,
    network_id INTEGER NOT NULL,
    UNIQUE (uplink_id, subnet),
    FOREIGN KEY (uplink_id) REFERENCES networks (id),
    FOREIGN KEY (network_id) REFERENCES networks (id) ON DELETE CASCADE
);
CREATE INDEX networks_external_subnets_network_id ON networks_external_subnets (network_id);

-- One row, from the day on which the server became a cluster.
CREATE TABLE clusters (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    fingerprint TEXT NOT NULL,
    UNIQUE (fingerprint)
);

-- A member's id is its id in Raft, so none is ever used twice.
CREATE TABLE cluster_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    raft_address TEXT NOT NULL,
    description TEXT NOT NULL,
    failure_domain TEXT NOT NULL,
    state TEXT NOT NULL,
    key_pin TEXT NOT NULL,
    next_key_pin TEXT NOT NULL,
    roles TEXT NOT NULL,
    groups TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (name),
    UNIQUE (address),
    UNIQUE (raft_address),
    UNIQUE (key_pin)
);

CREATE TABLE cluster_members_config (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    cluster_member_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (cluster_member_id, key),
    FOREIGN KEY (cluster_member_id) REFERENCES cluster_members (id) ON DELETE CASCADE
);

-- Who may join. A token that was used, or ran out, is kept for a day, so that whoever
-- shows it again learns what became of it.
CREATE TABLE cluster_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    key_pin TEXT NOT NULL,
    name TEXT NOT NULL,
    proof_key TEXT NOT NULL,
    operation_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (key_pin)
);

-- What members can be gathered in. Each names its groups itself; the rest is here.
CREATE TABLE cluster_groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (name)
);

CREATE TABLE cluster_groups_config (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    cluster_group_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (cluster_group_id, key),
    FOREIGN KEY (cluster_group_id) REFERENCES cluster_groups (id) ON DELETE CASCADE
);

INSERT INTO projects (id, name, description, revision) VALUES (1, 'default', 'Default Incus project', 0);
INSERT INTO projects_config (project_id, key, value) VALUES
    (1, 'features.images', 'true'),
    (1, 'features.networks', 'true'),
    (1, 'features.networks.zones', 'true'),
    (1, 'features.profiles', 'true'),
    (1, 'features.storage.buckets', 'true'),
    (1, 'features.storage.volumes', 'true');

INSERT INTO cluster_groups (id, name, description, revision) VALUES (1, 'default', 'Default cluster group', 0);
