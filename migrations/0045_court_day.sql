-- The days on which what a court has decided begins or ceases to count, as long as they lie ahead: on each of them whatever was begun before in
-- the person's name ends (Civil Code Art 22-24). The decision itself stays sealed with the person.
create table court_day (
  person_id uuid not null,
  day date not null,
  primary key (person_id, day)
);
create index court_day_by_day on court_day (day);

-- Who gave an answer, where that is not the account's holder: an answer counts for whoever gave it and for nobody else.
alter table consent add column given_by uuid;
create index consent_given_by_others on consent (account_id, given_at) where given_by is not null;
