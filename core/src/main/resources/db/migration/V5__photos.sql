-- Photos of tickets, as they are served: turned upright, scaled, without what the camera wrote about itself and its place.
create table photo (
    id       text primary key,
    ticket   text not null references ticket on delete cascade,
    width    int not null check (width between 1 and 2048),
    height   int not null check (height between 1 and 2048),
    taken_at timestamptz,
    added_at timestamptz not null,
    added_by text not null,
    image    bytea not null,
    thumb    bytea not null
);
create index photo_ticket on photo (ticket, id);
-- JPEG is packed already.
alter table photo alter column image set storage external;
alter table photo alter column thumb set storage external;
