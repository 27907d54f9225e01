-- What two people agreed to seals a key within seven days (A07): an approval that nobody used is not left lying for whoever finds it.
create function break_glass_key_is_timely() returns trigger language plpgsql as $$
begin
  if exists (select 1 from proposal where id = new.proposal_id and decided_at < new.sealed_at - interval '7 days') then
    raise exception 'two people decided this too long ago';
  end if;
  return new;
end $$;
create trigger break_glass_key_is_timely before insert on break_glass_key for each row execute function break_glass_key_is_timely();
