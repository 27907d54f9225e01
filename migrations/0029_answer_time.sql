-- How long requests of a sign-in took the servers: how many fell into which bucket (domain/statistic/answer-time), minute by minute. Every
-- process adds what it has counted, so that the sums are those of all.
create table answer_time (
  minute timestamptz not null,
  wait text not null,
  bucket smallint not null,
  count bigint not null,
  primary key (minute, wait, bucket)
);
