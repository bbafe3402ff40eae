-- Edge gateways: who they are, how they enrol and log in, what they must know, and how far their stores have come.
-- A gateway is also a device (profile edge-gateway); its name, and whether it is disabled, stand there.
create table gateway (
    id             text primary key references device on delete cascade,
    digest_key     bytea not null, -- sealed: the key of the digests that it gets
    config_version bigint not null default 0,
    config_digest  bytea,          -- of what the configuration says, without version and time
    config         bytea,          -- sealed: the signed configuration as it is sent
    config_at      timestamptz
);
create index device_gateway on device (gateway) where gateway is not null;

create table gateway_token (
    hash       bytea primary key,
    gateway    text not null references gateway on delete cascade,
    expires_at timestamptz not null,
    used_at    timestamptz
);
create index gateway_token_gateway on gateway_token (gateway);

create table gateway_certificate (
    fingerprint bytea primary key,
    gateway     text not null references gateway on delete cascade,
    issued_at   timestamptz not null,
    not_after   timestamptz not null,
    revoked_at  timestamptz
);
create index gateway_certificate_gateway on gateway_certificate (gateway);

-- The highest number that was taken of each store of a gateway. The uplink door writes it.
create table gateway_store (
    gateway    text not null,
    store      text not null,
    seq        bigint not null,
    first_seen timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (gateway, store)
);

-- What the gateway of a device must know of its credential, sealed under the server's key.
alter table device_credential add column sealed bytea;
create unique index device_credential_psk on device_credential (username) where kind = 'psk' and revoked_at is null;
create index device_credential_device on device_credential (device);

-- ---- commands --------------------------------------------------------------------------------------------------------
create table command (
    id         text primary key,
    seq        bigint generated always as identity unique, -- the order of the lists
    device     text not null references device on delete cascade,
    name       text not null,
    parameters jsonb not null,
    lwm2m      jsonb,
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    state      text not null check (state in
        ('queued', 'sent', 'waiting', 'done', 'failed', 'expired', 'cancelled')),
    detail     text not null default '',
    value      jsonb,
    sent_at    timestamptz,
    replied_at timestamptz
);
create index command_device on command (device, seq);
create index command_open on command (expires_at) where state in ('queued', 'sent', 'waiting');
create index command_final on command (created_at) where state not in ('queued', 'sent', 'waiting');
