-- The copy of the business registration. What stands there about an organisation is public; who represents it by which personal number is
-- sealed, and found by the keyed index of that number alone, as in the population registry.
create table organisation (
  id             uuid        primary key,
  code           text        not null unique check (code ~ '^[0-9]{10}([0-9]{3})?$'),
  name           text        not null,
  foreign_name   text,
  tax_code       text,
  address        text,
  state          text        not null check (state in ('operating', 'suspended', 'dissolved')),
  source_version bigint      not null check (source_version >= 0),
  confirmed_at   timestamptz not null
);

create table organisation_representative (
  organisation_id uuid  not null references organisation (id),
  blind           bytea not null,
  number          bytea not null,
  name            bytea not null,
  since           date  not null,
  until           date,
  primary key (organisation_id, blind)
);
create index organisation_representative_by_number on organisation_representative (blind);

-- An organisation that is dissolved stays so (Decree 69/2024 Art 15).
create function organisation_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then raise exception 'an organisation is never deleted' using errcode = '23514'; end if;
  if old.state = 'dissolved' and new.state <> 'dissolved' then raise exception 'an organisation that is dissolved stays so' using errcode = '23514'; end if;
  return new;
end $$;
create trigger organisation_is_kept before update or delete on organisation for each row execute function organisation_is_kept();
