-- With which passkey a session was opened is no longer asked: whichever is removed, all sessions of its holder end. First the column
-- may be left out, for programs of before this one still name it; a later migration drops it.
alter table service_session alter column passkeys set default '{}';
