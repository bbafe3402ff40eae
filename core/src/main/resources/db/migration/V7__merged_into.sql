-- Which ticket a merged one was taken up in.
alter table ticket
    add column merged_into text references ticket on delete set null,
    add check (merged_into is null or (status = 'merged' and merged_into <> id));
create index ticket_merged_into on ticket (merged_into) where merged_into is not null;
