-- What became of the write that follows a command: whether a valve that was opened has closed by itself.
alter table command
    add column then_state text check (then_state in ('waiting', 'done', 'failed', 'replaced')),
    add column then_detail text not null default '',
    add column then_at timestamptz;
