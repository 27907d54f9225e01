-- The copy of the population registry. What is bytea is sealed (AES-256-GCM, bound to table, column and row); what stays
-- readable says nothing about who somebody is: the kind of person, whether they live, the province for statistics, and
-- which version of the source this is.
create table person (
  id                       uuid        primary key,
  kind                     text        not null check (kind in ('citizen', 'foreigner', 'undetermined-nationality')),
  life                     text        not null check (life in ('alive', 'deceased', 'missing')),
  province                 text,
  source_version           bigint      not null check (source_version >= 0),
  confirmed_at             timestamptz not null,
  name                     bytea       not null,
  birth_date               bytea       not null,
  birth_place              bytea,
  birth_registration_place bytea,
  hometown                 bytea,
  permanent_residence      bytea,
  temporary_residence      bytea,
  current_residence        bytea,
  phones                   bytea,
  emails                   bytea,
  kin                      bytea,
  details                  bytea       not null
);

-- Every number a person has or had. `blind` is the keyed index of the number, by which alone it can be found.
create table person_number (
  blind      bytea not null,
  person_id  uuid  not null references person (id),
  number     bytea not null,
  valid_from date,
  valid_to   date,
  reason     bytea,
  primary key (blind, person_id),
  check ((valid_to is null) = (reason is null))
);

-- A number is one person's at a time; of two who claim it, one wins.
create unique index person_number_current on person_number (blind) where valid_to is null;
create index person_number_person on person_number (person_id);
