-- Whoever takes a proposal back says why, as whoever returns it does. Those that were taken back before this have no reason.
alter table proposal drop constraint proposal_returned_with_reason;
alter table proposal add constraint proposal_decided_with_reason check (case state
  when 'returned' then decision_reason is not null when 'withdrawn' then decision_reason is null or decision_reason <> '' else decision_reason is null end);

-- What was decided is looked through by pages.
create index proposal_decided on proposal (id) where state <> 'waiting';
