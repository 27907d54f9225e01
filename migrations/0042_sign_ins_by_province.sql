-- Sign-ins by where people live, counted without a person in them; an empty province is one that the registry does not know. What was counted before
-- stands there, so that months add up to what the other tables say.
create table province_count (
  day date not null,
  province text not null,
  count bigint not null check (count > 0),
  primary key (day, province)
);
insert into province_count (day, province, count)
  select day, '', sum(count) from daily_count where kind = 'sign-in' and outcome = 'finished' group by day;
