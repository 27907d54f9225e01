#!/bin/sh
# Makes the users of the database as whom the servers of each plane come, each in its role, with the password in a file; run again, it changes the passwords.
# After "eid migrate" and "eid database grants", as a user that may make roles (PGHOST, PGUSER and PGPASSFILE, or DATABASE_URL, say where and as whom).
#   deploy/users.sh PASSWORD-FILE-OF-CITIZENS PASSWORD-FILE-OF-CONSOLE
set -eu

[ $# -eq 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
WEB=$(cat "$1") OFFICE=$(cat "$2")
export WEB OFFICE

# By the environment, for a list of processes shows what stands in a command.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 ${DATABASE_URL:+"$DATABASE_URL"} <<'SQL'
\getenv web WEB
\getenv office OFFICE
select format('create user %I in role %I', name, role) from (values ('eid_web', 'eid_citizen'), ('eid_office', 'eid_console')) as wanted (name, role)
where not exists (select from pg_roles where rolname = name) \gexec
set log_statement = 'none';
set log_min_duration_statement = -1;
alter user eid_web password :'web';
alter user eid_office password :'office';
SQL
echo 'eid_web and eid_office may sign in.'
