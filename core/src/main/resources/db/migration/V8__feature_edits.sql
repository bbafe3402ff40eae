-- Who made which state of a feature, whether it was removed, and when it was surveyed.
alter table feature
    add column surveyed_on date,
    add column updated_by text not null default '';
-- Until now the source was whoever wrote the row.
update feature set updated_by = coalesce(source, ''), source = null;

alter table feature_history
    add column written_at timestamptz,
    add column written_by text,
    add column removed boolean not null default false;
