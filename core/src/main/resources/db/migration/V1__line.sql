-- The line's tables. Geometry is WKB in lon/lat; times are UTC; units are UCUM.
-- The two large tables (observation, frame_block) are laid out by SeriesLayout at start, as hypertables or as daily
-- partitions; here they are only declared.

-- ---- installation -------------------------------------------------------------------------------------------------
create table setting (
    name  text primary key,
    value text not null
);

-- ---- people and machines that may call -----------------------------------------------------------------------------
create table app_user (
    id            text primary key,
    name          text not null unique check (name ~ '^[a-z0-9._-]{2,64}$'),
    display_name  text not null,
    password_hash text not null,
    role          text not null check (role in ('administrator', 'dispatcher', 'viewer')),
    locale        text not null default 'vi',
    disabled      boolean not null default false,
    created_at    timestamptz not null default now()
);

create table session (
    token_hash bytea primary key,
    user_id    text not null references app_user on delete cascade,
    created_at timestamptz not null,
    seen_at    timestamptz not null,
    expires_at timestamptz not null
);

create table api_token (
    id         text primary key,
    name       text not null,
    token_hash bytea not null unique,
    role       text not null check (role in ('administrator', 'dispatcher', 'viewer')),
    bootstrap  boolean not null default false,
    created_at timestamptz not null default now(),
    revoked_at timestamptz
);

create table audit (
    id     bigint generated always as identity primary key,
    at     timestamptz not null default now(),
    actor  text not null,
    action text not null,
    target text not null,
    detail jsonb not null default '{}'
);

create table idempotency (
    key          text not null,
    actor        text not null,
    request_hash bytea not null,
    status       int,
    headers      jsonb,
    body         bytea,
    created_at   timestamptz not null default now(),
    primary key (actor, key)
);

-- ---- layers ----------------------------------------------------------------------------------------------------------
create table layer (
    name       text primary key check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    pack       text,
    kind       text not null check (kind in ('point', 'line', 'polygon', 'any')),
    title      jsonb not null,
    public     boolean not null default false,
    attributes jsonb not null default '[]',
    version    bigint not null default 0
);

create table feature (
    layer      text not null references layer,
    id         text not null check (length(id) between 1 and 200),
    geometry   bytea not null,
    properties jsonb not null default '{}',
    accuracy_m real,
    source     text,
    version    bigint not null default 1,
    valid_from timestamptz not null default '-infinity',
    valid_to   timestamptz not null default 'infinity',
    updated_at timestamptz not null default now(),
    primary key (layer, id)
);

create table feature_history (
    layer      text not null,
    id         text not null,
    version    bigint not null,
    geometry   bytea not null,
    properties jsonb not null,
    valid_from timestamptz not null,
    valid_to   timestamptz not null,
    changed_at timestamptz not null default now(),
    changed_by text not null,
    primary key (layer, id, version)
);

-- ---- devices ---------------------------------------------------------------------------------------------------------
create table device (
    id          text primary key check (id ~ '^[A-Za-z0-9._:-]{1,64}$'),
    profile     text not null,
    name        text,
    gateway     text,
    enrolled_at timestamptz not null default now(),
    disabled    boolean not null default false,
    online      boolean,
    online_at   timestamptz,
    attributes  jsonb not null default '{}'
);

create table device_binding (
    device     text not null references device on delete cascade,
    valid_from timestamptz not null,
    kind       text not null check (kind in ('feature', 'position', 'moving', 'none')),
    layer      text,
    feature_id text,
    lon        double precision,
    lat        double precision,
    primary key (device, valid_from)
);

create table device_credential (
    id          text primary key,
    device      text not null references device on delete cascade,
    kind        text not null check (kind in ('token', 'password', 'x509', 'psk')),
    username    text,
    secret_hash bytea,
    fingerprint bytea,
    created_at  timestamptz not null default now(),
    revoked_at  timestamptz
);
create unique index device_credential_secret on device_credential (secret_hash) where kind = 'token' and revoked_at is null;
create unique index device_credential_username on device_credential (username) where kind = 'password' and revoked_at is null;
create unique index device_credential_fingerprint on device_credential (fingerprint) where kind = 'x509' and revoked_at is null;

-- ---- readings --------------------------------------------------------------------------------------------------------
create table datastream (
    id         bigint generated always as identity primary key,
    device     text not null,
    quantity   text not null,
    instance   int not null default 0,
    layer      text not null default '',
    feature_id text not null default '',
    unit       text not null,
    created_at timestamptz not null default now(),
    unique (device, quantity, instance, layer, feature_id, unit)
);
create index datastream_feature on datastream (layer, feature_id);

create table latest (
    datastream_id bigint primary key references datastream,
    measured_at   timestamptz not null,
    value         double precision not null,
    received_at   timestamptz not null,
    frame_id      bigint not null
) with (fillfactor = 70);

-- A row says that latest lacks some readings of this partition, received at this moment or later: they are found in
-- the tail. No row: latest is complete.
create table checkpoint (
    name        text primary key,
    received_at timestamptz not null
);

create sequence frame_block_id;

-- ---- quarantine ------------------------------------------------------------------------------------------------------
-- The same bytes from the same device for the same reason are one row that counts.
create table quarantine (
    id               bigint generated always as identity primary key,
    device           text not null,
    door             text not null,
    topic            text not null,
    content_type     text,
    code             text not null,
    detail           text not null,
    received_at      timestamptz not null,
    last_received_at timestamptz not null,
    times            bigint not null default 1,
    digest           bytea not null,
    payload          bytea not null,
    replayed_at      timestamptz,
    outcome          text
);
create unique index quarantine_same on quarantine (device, code, digest) where replayed_at is null;
create index quarantine_device on quarantine (device, id);
create index quarantine_code on quarantine (code, id);
create index quarantine_received on quarantine (received_at);

-- ---- rules -----------------------------------------------------------------------------------------------------------
create table rule (
    id      text primary key,
    pack    text not null,
    version int not null,
    enabled boolean not null default true
);

create table rule_version (
    rule      text not null references rule,
    version   int not null,
    text      text not null,
    loaded_at timestamptz not null default now(),
    primary key (rule, version)
);

create table rule_state (
    rule       text not null,
    key        text not null, -- a datastream's id, or @device/ID
    phase      text not null check (phase in ('pending', 'firing')),
    state      jsonb not null,
    updated_at timestamptz not null,
    primary key (rule, key)
);

-- ---- tickets ---------------------------------------------------------------------------------------------------------
create table ticket (
    id          text primary key,
    service     text not null,
    status      text not null check (status in
        ('open', 'assigned', 'in_progress', 'resolved', 'closed', 'rejected', 'merged', 'withdrawn')),
    priority    text not null check (priority in ('low', 'normal', 'high', 'urgent')),
    layer       text not null,
    feature_id  text not null,
    rule        text,
    title       jsonb not null,
    geometry    bytea,
    extent      box, -- of the geometry, lon/lat
    ward        text,
    assignee    text,
    opened_at   timestamptz not null,
    due_at      timestamptz not null,
    updated_at  timestamptz not null,
    resolved_at timestamptz,
    closed_at   timestamptz,
    version     bigint not null default 1
);
create unique index ticket_one_open on ticket (layer, feature_id, service)
    where status in ('open', 'assigned', 'in_progress', 'resolved');
create index ticket_updated on ticket (updated_at, id);
create index ticket_feature on ticket (layer, feature_id);
create index ticket_status on ticket (status, id);
create index ticket_extent on ticket using gist (extent);

create table witness (
    ticket        text not null references ticket on delete cascade,
    id            bigint generated always as identity,
    kind          text not null check (kind in ('sensor', 'camera', 'citizen', 'crew')),
    at            timestamptz not null,
    ref           text not null,
    rule          text,
    rule_version  int,
    datastream_id bigint, -- 0 for the device itself
    measured_at   timestamptz,
    value         double precision,
    frame_id      bigint,
    seen          jsonb not null default '{}',
    cleared_at    timestamptz,
    primary key (ticket, id)
);
create unique index witness_firing on witness (ticket, rule, ref, datastream_id) where kind = 'sensor' and cleared_at is null;

create table ticket_event (
    id     bigint generated always as identity primary key,
    ticket text not null references ticket on delete cascade,
    at     timestamptz not null,
    actor  text not null,
    kind   text not null,
    detail jsonb not null default '{}'
);
create index ticket_event_ticket on ticket_event (ticket, id);

create function forbid_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger ticket_event_append_only before update or delete on ticket_event
    for each row execute function forbid_change();

-- ---- announcing ------------------------------------------------------------------------------------------------------
create table outbox (
    id            bigint generated always as identity primary key,
    kind          text not null,
    key           text not null,
    payload       jsonb not null,
    created_at    timestamptz not null default now(),
    announced_seq bigint unique
);
create index outbox_waiting on outbox (id) where announced_seq is null;

-- How far each reader of the outbox has come (server-sent events keep their own mark in the browser).
create table outbox_mark (
    reader text primary key,
    seq    bigint not null
);

create table webhook (
    id         text primary key,
    url        text not null,
    secret     text not null,
    kinds      text[] not null,
    seq        bigint not null,
    paused     boolean not null default false,
    created_at timestamptz not null default now()
);

create table webhook_delivery (
    id           bigint generated always as identity primary key,
    webhook      text not null references webhook on delete cascade,
    seq          bigint not null,
    attempts     int not null default 0,
    next_at      timestamptz not null,
    delivered_at timestamptz,
    dead_at      timestamptz,
    last_error   text,
    unique (webhook, seq)
);
-- Deliveries go out in order of their sequence, one webhook at a time: the head of each queue is found here.
create index webhook_delivery_waiting on webhook_delivery (webhook, seq) where delivered_at is null and dead_at is null;
create index webhook_delivery_dead on webhook_delivery (webhook, id) where dead_at is not null;

create table retained (
    topic      text primary key,
    payload    bytea not null,
    updated_at timestamptz not null,
    remove_at  timestamptz
);
create index retained_remove on retained (remove_at) where remove_at is not null;

create table counter (
    name  text primary key,
    value bigint not null
);
