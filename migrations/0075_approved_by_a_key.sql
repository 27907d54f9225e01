-- Nobody writes down a decision that was not made (A01): also as the console's user, outside of our program, a proposal begins as one that waits, and is approved only in the name of
-- somebody in office, with the whole evidence of a key of theirs that was named when they got the office. The signature itself is the program's to check (`verify.ts`): the
-- database knows no elliptic curve. Before the operator, who makes the first administrators, no such trigger stands, as in migration 0074.
create function proposal_is_decided() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if has_table_privilege('public.officer_bootstrap', 'insert') then return new; end if;
  if tg_op = 'INSERT' then
    if new.state <> 'waiting' then raise exception 'a proposal begins as one that waits' using errcode = '23514'; end if;
    return new;
  end if;
  if new.state <> 'approved' then return new; end if;
  if exists (
    select from unnest(array['passkey', 'publicKey', 'rpId', 'origin', 'clientDataJSON', 'authenticatorData', 'signature']) as member
    where coalesce(new.evidence ->> member, '') = '' or jsonb_typeof(new.evidence -> member) <> 'string'
  ) or not exists (
    select from public.passkey p join public.officer_key k on k.passkey_id = p.id and k.account_id = p.account_id
    where p.id = new.evidence ->> 'passkey' and p.account_id = new.decided_by and p.removed_at is null and k.named_at <= now()
      -- A maker whose word no longer counts makes less of a key than stands there (`vouched.ts`), and nothing makes more of one.
      and jsonb_typeof(new.evidence -> 'hardwareBound') = 'boolean' and (p.hardware_bound or new.evidence -> 'hardwareBound' = 'false')
      -- As base64url (RFC 4648 §5), without the line ends that PostgreSQL puts in.
      and new.evidence ->> 'publicKey' = translate(encode(p.public_key, 'base64'), E'+/=\n', '-_')
  ) then
    raise exception 'a proposal is approved with a key that was named for its officer' using errcode = '23514';
  end if;
  if not exists (
    select from public.officer_role r
    where r.account_id = new.decided_by and r.ended_at is null and r.ends_on >= (now() at time zone 'Asia/Ho_Chi_Minh')::date
  ) then
    raise exception 'a proposal is approved by somebody in office' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger proposal_is_decided before insert or update on proposal for each row execute function proposal_is_decided();
