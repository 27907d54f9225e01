-- What the clock finds and tells once, however often it looks: the event stands in the log of record, this says that it does.
create table told_once (
  about text primary key,
  at timestamptz not null
);
