-- Applications are found by the beginnings of words of a name, of a code or of a reference: of a million of them, without a name being read that does not fit. What
-- a keyboard may lack is gone from both sides, as in `plain` (src/storage/postgres/sought.ts); whatever is no letter and no digit parts words.
create function sought_words(said text) returns tsvector language sql immutable parallel safe
  return to_tsvector('simple', regexp_replace(lower(translate(regexp_replace(normalize(said, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd')), '[^a-z0-9]+', ' ', 'g'));

create index organisation_by_words on organisation using gin (sought_words(code || ' ' || name));
create index organisation_application_by_reference on organisation_application (reference text_pattern_ops);
create index organisation_application_of_organisation on organisation_application (organisation_id, id);
