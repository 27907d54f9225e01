-- The public log of changes to clients and keys. `entry` is the exact text that was hashed (RFC 8785), so it is not jsonb. The first seq is 0.
create table transparency_entry (
  seq bigint primary key check (seq >= 0),
  at timestamptz not null,
  kind text not null,
  subject text not null,
  entry text not null,
  leaf_hash bytea not null check (length(leaf_hash) = 32)
);
create index transparency_entry_by_subject on transparency_entry (subject, seq);
create index transparency_entry_of_keys on transparency_entry (subject, seq) where kind like 'key.%';

-- Complete subtrees above the leaves: each is written once, when its last leaf is. Proofs read these and not the entries.
create table transparency_node (
  level int not null check (level > 0),
  place bigint not null check (place >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (level, place)
);

-- Signed heads: one for each size of a log of a name.
create table transparency_head (
  origin text not null,
  size bigint not null,
  root bytea not null check (length(root) = 32),
  note text not null,
  at timestamptz not null,
  primary key (origin, size)
);

-- TRUNCATE fires no row trigger (0005).
create function transparency_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'the transparency log is never changed or shortened';
end $$;
create trigger transparency_entry_is_final before update or delete on transparency_entry for each row execute function transparency_is_final();
create trigger transparency_node_is_final before update or delete on transparency_node for each row execute function transparency_is_final();
create trigger transparency_head_is_final before update or delete on transparency_head for each row execute function transparency_is_final();
create trigger transparency_entry_is_not_emptied before truncate on transparency_entry for each statement execute function transparency_is_final();
create trigger transparency_node_is_not_emptied before truncate on transparency_node for each statement execute function transparency_is_final();
create trigger transparency_head_is_not_emptied before truncate on transparency_head for each statement execute function transparency_is_final();
