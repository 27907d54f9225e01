#!/bin/sh
# Takes a whole copy of the running database into a new folder and checks every file of it.
# With the WAL that the server archives from then on, deploy/restore.sh brings back any later moment.
#   DATABASE_URL=postgres://backup@db.internal:5432/eid deploy/backup.sh /backup/2026-11-26
set -eu
. "$(dirname "$0")/programs.sh"

[ $# -eq 1 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
folder=$1
[ -n "${DATABASE_URL:-}" ] || { echo 'DATABASE_URL is not set: whose database?' >&2; exit 2; }
[ ! -e "$folder" ] || { echo "$folder is there already: each backup has a folder of its own" >&2; exit 1; }

pg_basebackup --dbname="$DATABASE_URL" --pgdata="$folder" --wal-method=stream --checkpoint=fast --manifest-checksums=SHA256
pg_verifybackup --quiet "$folder"
echo "$folder: $(du -sh "$folder" | cut -f1), whole and checked. Keep the key file apart from it: without KEYRING_FILE nothing in it can be read."
