-- A lock that was set without a sign-in, because the device is gone: whoever has the device has its passkey. That one opens the account only some
-- time after somebody asked for it, and the holder was told.
alter table account_lock add column lost boolean not null default false;
alter table account_lock add column opens_at timestamptz;
