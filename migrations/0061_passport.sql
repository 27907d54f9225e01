-- By which passport a foreigner is found: the keyed index of the state that issued it and its number. The passport itself is sealed with the rest of
-- the record. Two people may be said to have the same one; it then finds neither.
create table person_passport (
  blind     bytea not null,
  person_id uuid  not null references person (id),
  primary key (blind, person_id)
);
create index person_passport_person on person_passport (person_id);
