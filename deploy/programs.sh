# Read by the other scripts: finds PostgreSQL's programs where Debian keeps them, the newest first.
for programs in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V); do PATH="$programs:$PATH"; done
