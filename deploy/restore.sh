#!/bin/sh
# Makes a database folder of a backup and the archived WAL, as it was at the end of the archive or at a moment before.
# PostgreSQL started on it (as its owner) replays the archive and then takes writes.
#   deploy/restore.sh /backup/2026-11-26 /archive /var/lib/postgresql/restored ['2026-11-26 14:00:00+07']
set -eu
. "$(dirname "$0")/programs.sh"

[ $# -eq 3 ] || [ $# -eq 4 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
backup=$1 archive=$2 target=$3 moment=${4:-}
[ -d "$archive" ] || { echo "$archive is no folder: where is the archived WAL?" >&2; exit 1; }
[ ! -e "$target" ] || { echo "$target is there already: restore beside it, look at it, then exchange them" >&2; exit 1; }

pg_verifybackup --quiet "$backup"
cp -a "$backup" "$target"
{
  echo "restore_command = 'cp \"$archive/%f\" \"%p\"'"
  echo "recovery_target_action = 'promote'"
  [ -z "$moment" ] || echo "recovery_target_time = '$moment'"
} >>"$target/postgresql.auto.conf"
touch "$target/recovery.signal"
chmod 700 "$target"
echo "$target: start PostgreSQL on it. Empty Redis before any server of ours is started on it: what was revoked since must not come back to life."
