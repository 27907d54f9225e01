-- Three people stand between a request and a live client: who asked for it, who reviewed and proposed it, and who said yes (A01). Pages say so
-- first; here it holds whatever way somebody goes.
create function connection_of_another() returns trigger language plpgsql as $$
begin
  if new.proposal is not null and not exists (
    select from proposal where id = new.proposal and proposer <> new.owner and proposer is not distinct from new.reviewed_by
  ) then
    raise exception 'a request to connect is proposed by whoever reviewed it, and never by its owner'
      using errcode = 'check_violation', constraint = 'connection_of_another', table = 'connection';
  end if;
  return new;
end $$;
create trigger connection_of_another before insert or update of proposal, owner, reviewed_by on connection
  for each row execute function connection_of_another();

create function proposal_not_by_asker() returns trigger language plpgsql as $$
begin
  if exists (select from connection where proposal = new.id and owner = new.decided_by) then
    raise exception 'who asked for a client is not the second person'
      using errcode = 'check_violation', constraint = 'proposal_not_by_asker', table = 'proposal';
  end if;
  return new;
end $$;
create trigger proposal_not_by_asker before update of decided_by on proposal
  for each row when (new.state in ('approved', 'returned')) execute function proposal_not_by_asker();
