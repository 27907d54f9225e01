-- Many roles in one proposal (A01): nobody proposes or decides what gives a role to themselves, wherever in the list it stands.
alter table proposal add constraint proposal_of_many_not_for_oneself check (
  act <> 'role.many'
  or not jsonb_path_exists(change, '$.grants[*] ? (@.account == $proposer || @.account == $decider)',
    jsonb_build_object('proposer', proposer::text, 'decider', coalesce(decided_by::text, '')))
);
