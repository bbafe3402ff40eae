-- What figures about tickets are counted by.
create index ticket_opened on ticket (opened_at);
create index ticket_due on ticket (due_at);
create index ticket_resolved on ticket (resolved_at) where resolved_at is not null;
