-- Which program proposed it for the proposer, if one did: the second person reads it and signs it with the rest.
alter table proposal add column through text;

create or replace function proposal_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then raise exception 'proposals are never removed'; end if;
  if old.state <> 'waiting' then raise exception 'a decision is final'; end if;
  if (new.id, new.act, new.subject, new.change, new.proposer, new.through, new.proposed_at, new.reason)
    is distinct from (old.id, old.act, old.subject, old.change, old.proposer, old.through, old.proposed_at, old.reason) then
    raise exception 'a proposal is never changed';
  end if;
  return new;
end $$;
