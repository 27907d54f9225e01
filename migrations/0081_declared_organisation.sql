-- An organisation that is in no register says itself who it is, and papers prove it (Decree 69/2024 Art 12, 13). Until its account is issued it is pending: it is
-- nobody's number, for whoever typed it may be anybody, and several may say the same one of which one at most is established.
alter table organisation add column pending boolean not null default false;
create unique index organisation_by_code on organisation (code, (case when pending then id else '00000000-0000-0000-0000-000000000000'::uuid end));
alter table organisation drop constraint organisation_code_key;

create table organisation_declaration (
  organisation_id uuid primary key references organisation (id),
  kind text not null check (kind in ('state-body', 'public-service', 'association', 'foreign-office', 'other')),
  papers_number text not null,
  papers_issuer text not null,
  papers_on date not null
);

-- Which papers the officer had before them; without it nothing pending is examined.
create table organisation_papers_seen (
  application_id uuid primary key references organisation_application (id),
  officer uuid not null,
  reference text not null check (reference <> ''),
  at timestamptz not null
);

create function organisation_papers_are_kept() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'what was declared and seen stays' using errcode = '23514';
end $$;
create trigger organisation_declaration_is_kept before update or delete on organisation_declaration for each row execute function organisation_papers_are_kept();
create trigger organisation_papers_seen_is_kept before update or delete on organisation_papers_seen for each row execute function organisation_papers_are_kept();

-- The planes bring in nothing but what is declared; the owner imports. What is established follows from an application that was issued.
create function organisation_is_established() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if has_table_privilege('public.officer_bootstrap', 'insert') then return new; end if;
    if not new.pending or new.state <> 'operating' or new.source_version <> 0 then
      raise exception 'organisations come from the registration, or are pending' using errcode = '23514';
    end if;
    return new;
  end if;
  if new.pending and not old.pending then raise exception 'what is established stays so' using errcode = '23514'; end if;
  if old.pending and not new.pending and not exists (select from public.organisation_application b where b.organisation_id = new.id and b.state = 'issued') then
    raise exception 'nothing was issued' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger organisation_is_established before insert or update on organisation for each row execute function organisation_is_established();

create function organisation_representative_is_declared() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if has_table_privilege('public.officer_bootstrap', 'insert') then return new; end if;
  if not exists (select from public.organisation o where o.id = new.organisation_id and o.pending)
    or exists (select from public.organisation_application b where b.organisation_id = new.organisation_id) then
    raise exception 'representatives come from the registration, or with what is declared' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger organisation_representative_is_declared before insert on organisation_representative for each row execute function organisation_representative_is_declared();

create function organisation_papers_come_first() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.state in ('examined', 'issued') and exists (select from public.organisation o where o.id = new.organisation_id and o.pending)
    and not exists (select from public.organisation_papers_seen s where s.application_id = new.id) then
    raise exception 'nobody has seen the papers' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger organisation_papers_come_first before insert or update on organisation_application for each row execute function organisation_papers_come_first();

create function organisation_account_is_established() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from public.organisation o where o.id = new.organisation_id and o.pending) then
    raise exception 'what is pending has no account' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger organisation_account_is_established before insert on organisation_account for each row execute function organisation_account_is_established();
