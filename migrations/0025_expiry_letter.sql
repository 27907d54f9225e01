-- Which ends of a service its applicant was written of, at which step, so that each letter leaves once.
create table expiry_letter (
  client_id text not null,
  what text not null,
  ends_at timestamptz not null,
  days integer not null check (days > 0),
  at timestamptz not null,
  primary key (client_id, what, ends_at, days)
);
