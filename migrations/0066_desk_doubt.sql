-- A doubt about somebody's card is a reading that speaks against it, of whatever application: it stays with the person. Here stands which of them two officers
-- have ended, by which proposal; the rest follows from the readings and config/desk.json. Kept for ever like the readings.
create table desk_doubt_end (
  reading_id uuid primary key references desk_reading (id),
  proposal_id uuid not null references proposal (id),
  decided_by uuid not null,
  at timestamptz not null
);

create function desk_doubt_end_is_kept() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'what was decided about a doubt is never changed or removed' using errcode = '23514';
end $$;
create trigger desk_doubt_end_is_kept before update or delete on desk_doubt_end for each row execute function desk_doubt_end_is_kept();

create index desk_application_of on desk_application (person_id);
