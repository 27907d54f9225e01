-- What everybody is told on every page for a while. One that was shown stays on record as it was.
create table banner (
  id uuid primary key,
  kind text not null check (kind in ('information', 'maintenance')),
  text_vi text not null check (text_vi <> ''),
  text_en text not null check (text_en <> ''),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  set_by uuid not null,
  reason text not null check (reason <> ''),
  check (ends_at > starts_at)
);
create index banner_by_end on banner (ends_at) where ended_at is null;
